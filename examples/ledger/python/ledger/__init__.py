"""A ledger of bookings, added up in Zig."""

from ledger._native import Overdrawn, balance, by_month, statement

__all__ = ["Overdrawn", "balance", "by_month", "statement"]
