"""Outlines of Python objects, made in Zig."""

from outline._native import outline, total

__all__ = ["outline", "total"]
