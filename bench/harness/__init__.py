"""What `bench/run.py` runs. Only the standard library, and alloconda as it stands in this checkout."""

import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
BENCH = CHECKOUT / "bench"

# The checkout is what is measured, whatever is installed.
sys.path.insert(1, str(CHECKOUT / "python"))
