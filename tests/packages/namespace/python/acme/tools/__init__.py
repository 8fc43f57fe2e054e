from acme.tools._native import add

__all__ = ["add"]
