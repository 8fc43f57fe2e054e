"""Labels for diagrams, made in Zig."""

from labels._native import clip, default_width, fill, listing, number, scales

__all__ = ["clip", "default_width", "fill", "listing", "number", "scales"]
