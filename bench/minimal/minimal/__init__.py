"""One function."""

from minimal._native import add

__all__ = ["add"]
