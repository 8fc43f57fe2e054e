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


def sum_ints(values: list[int]) -> int:
    """Add up a list of ints."""
    return sum(values)


sum_list = sum_ints


def halves(count: int) -> list[float]:
    """Return 0.0, 0.5, 1.0 and so on."""
    return [i / 2 for i in range(count)]


def scale(pair: tuple[int, float]) -> float:
    """Multiply the two."""
    whole, factor = pair
    return whole * factor


def sum_values(values: dict[str, int]) -> int:
    """Add up the values of a dict."""
    return sum(values.values())
