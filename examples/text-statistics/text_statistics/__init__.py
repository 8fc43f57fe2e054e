"""Words of texts, counted in Zig."""

from text_statistics._native import counts, merge, most_common, summary, words

__all__ = ["counts", "merge", "most_common", "summary", "words"]
