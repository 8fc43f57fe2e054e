from foreign._native import answer

__all__ = ["answer"]
