from all_fields._native import add

__all__ = ["add"]
