"""The fixtures of this folder."""

from fixtures import bare, fake_zig, hello, no_outside_settings  # noqa: F401
