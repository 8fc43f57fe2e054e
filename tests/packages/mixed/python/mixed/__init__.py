from mixed._native import add

__all__ = ["add"]
