"""The functions that the benchmark calls."""

from calls._native import add_floats, add_ints, echo, keywords, noop

__all__ = ["add_floats", "add_ints", "echo", "keywords", "noop"]
