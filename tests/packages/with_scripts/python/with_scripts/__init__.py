from with_scripts._native import add

__all__ = ["add", "main"]


def main() -> None:
    print(add(2, 3))
