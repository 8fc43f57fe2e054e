"""Primes, counted in Zig on several processors."""

from primes._native import count, is_prime

__all__ = ["count", "is_prime"]
