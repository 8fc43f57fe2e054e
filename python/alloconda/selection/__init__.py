"""Which files of a project are distributed: one answer for wheels and for source distributions."""
