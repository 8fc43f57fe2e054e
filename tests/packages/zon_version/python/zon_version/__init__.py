from zon_version._native import add

__all__ = ["add"]
