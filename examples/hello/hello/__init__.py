"""Greetings and sums: the Python half of the package."""

from hello._native import add, count, greet

__all__ = ["add", "count", "greet"]
