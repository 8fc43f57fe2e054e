from with_c._native import add

__all__ = ["add"]
