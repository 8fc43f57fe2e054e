"""``python -m alloconda``: the command line, also as the Zig build graph runs it for ``pack``."""

import os
import sys

# `-m` puts the current folder first on the path. A build runs in the user's project, and a file there that is named
# like a module of ours or of the standard library must not be imported instead of it.
if not getattr(sys.flags, "safe_path", False) and sys.path and sys.path[0] in ("", os.getcwd()):  # noqa: PTH109
    del sys.path[0]

from alloconda.cli import main

if __name__ == "__main__":
    main()
