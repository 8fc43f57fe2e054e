"""Write plain Zig, get a Python package.

The Python side of alloconda: the command line, the PEP 517 backend, and the packer that turns the output of a Zig
build into a wheel. It finds Zig, runs one ``zig build``, and never decides what a tag, suffix or target is.
"""

__version__ = "0.1.0"
