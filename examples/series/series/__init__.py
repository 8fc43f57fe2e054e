"""Sums over series of numbers: the Python half of the package."""

import numpy as np

from series import _native
from series._native import binomial, standardize

__all__ = ["binomial", "distances", "moving_average", "standardize"]


def moving_average(values, window):
    """Mean of each `window` neighbours in a one-dimensional array of float64."""
    return np.asarray(_native.moving_average(values, window))


def distances(points):
    """Distance from each point to each other one; `points` has a row for each."""
    return np.asarray(_native.distances(points))
