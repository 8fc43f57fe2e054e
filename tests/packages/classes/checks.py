"""What the classes of this project must do, checked in whatever interpreter runs this file: no packages are needed.

With the argument `quick`, without what takes minutes in an emulator; with `collect` too, the garbage collector runs at
every allocation that it counts.
"""

import gc
import sys
import traceback

import basics
import inheritance
import ownership
import pickles
import reuse
import special
import variants


def main():
    passed = failed = 0
    if "collect" in sys.argv:
        gc.set_threshold(1, 1, 1)
    for module in (basics, ownership, pickles, reuse, special, inheritance, variants):
        for name, check in sorted(vars(module).items()):
            if not name.startswith("check_") or ("quick" in sys.argv and name.endswith(("leaks", "million_instances"))):
                continue
            try:
                check()
                passed += 1
            except BaseException:
                failed += 1
                print(f"{module.__name__}.{name} in {sys.version}")
                traceback.print_exc(file=sys.stdout)
    print(f"{passed} checks passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
