import sys

from c_sources import _mixed, _plain, _raw

assert _mixed.twice(21) == 42
assert _mixed.thrice(14) == 42
assert _mixed.greet() == "hello from beside"
assert _raw.add(40, 2) == 42
limited, minor, free_threaded, pointer = _plain.facts()
assert _mixed.headers() == minor
assert pointer == (8 if sys.maxsize > 2**32 else 4)
print("limited", hex(limited), "minor", minor, "free-threaded", free_threaded)
