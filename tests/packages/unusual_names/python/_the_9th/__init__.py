from _the_9th.Mixed_Case9 import add

__all__ = ["add"]
