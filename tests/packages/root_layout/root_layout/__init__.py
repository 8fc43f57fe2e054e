from root_layout._native import add

__all__ = ["add"]
