from overridden._native import add

__all__ = ["add"]
