from provided._native import add

__all__ = ["add"]
