"""Settings files, read in Zig."""

from settings._native import DuplicateError, SettingsError, number_of, read, update

__all__ = ["DuplicateError", "SettingsError", "number_of", "parse", "read", "update"]


def parse(text: str) -> dict[str, str]:
    """Read a text into a dict."""
    result: dict[str, str] = {}
    read(text, result.__setitem__)
    return result
