from large_data._native import add

__all__ = ["add"]
