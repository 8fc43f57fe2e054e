"""Zig: where it is, how it is run, and the Zig package that this Python package carries."""
