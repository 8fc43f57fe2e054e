from licences._native import add

__all__ = ["add"]
