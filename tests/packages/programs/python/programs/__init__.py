from programs._native import add

__all__ = ["add"]
