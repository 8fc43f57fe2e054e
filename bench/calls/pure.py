"""The functions that the benchmark calls, in Python."""


def noop() -> None:
    """Do nothing."""


def add_ints(a: int, b: int) -> int:
    """Add two ints."""
    return a + b


def add_floats(a: float, b: float) -> float:
    """Add two floats."""
    return a + b


def echo(text: str) -> str:
    """Return the argument."""
    return text


def keywords(a: int, b: int | None = None, c: int | None = None) -> int:
    """Add up to three ints."""
    return a + (b or 0) + (c or 0)
