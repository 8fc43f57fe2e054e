"""What the classes of this project must do, checked in whatever interpreter runs this file: no packages are needed.

With the argument `quick`, without what takes minutes in an emulator; with `collect` too, the garbage collector runs at
every allocation that it counts.
"""

import basics
import inheritance
import ownership
import pickles
import reuse
import special
import variants
from expect import run_checks

if __name__ == "__main__":
    run_checks(basics, ownership, pickles, reuse, special, inheritance, variants)
