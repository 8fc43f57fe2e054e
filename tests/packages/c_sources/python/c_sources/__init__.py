from c_sources import _mixed, _plain, _raw

__all__ = ["_mixed", "_plain", "_raw"]
