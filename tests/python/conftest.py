"""The fixtures of this folder, and how Hypothesis works in it."""

from fixtures import bare, fake_zig, hello, no_outside_settings  # noqa: F401
from hypothesis import HealthCheck, settings

# How long an example takes says how busy the machine is: no test measures speed.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")
