# cython: language_level=3, boundscheck=False, wraparound=False
"""The functions of calls/src/root.zig with Cython, as its documentation recommends them for speed: C types for arguments
and local variables, extension types with a freelist, typed memoryviews for buffers, no bounds checks."""

cimport cython
from libc.math cimport sqrt
from libc.stdint cimport int64_t, uint64_t


def noop():
    pass


@cython.overflowcheck(True)
def add_ints(int64_t a, int64_t b):
    return a + b


def add_floats(double a, double b):
    return a + b


# A str is an object for Cython: there is no UTF-8 on the way, unlike in the other columns.
def echo(str text not None):
    return text


@cython.overflowcheck(True)
def keywords(int64_t a, b=None, c=None):
    cdef int64_t second = 0 if b is None else b
    cdef int64_t third = 0 if c is None else c
    return a + second + third


# Sums wrap around: it is the reading that is measured.
def sum_ints(list values not None):
    cdef uint64_t total = 0
    cdef int64_t value
    for value in values:
        total += <uint64_t>value
    return <int64_t>total


sum_list = sum_ints


def halves(Py_ssize_t count):
    cdef Py_ssize_t i
    return [<double>i / 2 for i in range(count)]


def scale(tuple pair not None):
    cdef int64_t whole
    cdef double factor
    whole, factor = pair
    return whole * factor


def sum_values(dict values not None):
    cdef uint64_t total = 0
    cdef int64_t value
    for value in values.values():
        total += <uint64_t>value
    return <int64_t>total


def sum_buffer(const double[::1] values not None):
    cdef double total = 0
    cdef Py_ssize_t i
    for i in range(values.shape[0]):
        total += values[i]
    return total


@cython.freelist(8)
cdef class Point:
    cdef public double x, y

    def __init__(self, double x, double y):
        self.x = x
        self.y = y

    def norm(self):
        return sqrt(self.x * self.x + self.y * self.y)

    def scaled(self, double factor):
        return make_point(self.x * factor, self.y * factor)

    def __add__(self, other):
        if not isinstance(other, Point):
            return NotImplemented
        cdef Point right = <Point>other
        return make_point(self.x + right.x, self.y + right.y)


# Instances from inside of the module: by __new__, which packs no arguments.
cdef inline Point make_point(double x, double y):
    cdef Point point = Point.__new__(Point)
    point.x = x
    point.y = y
    return point


cdef class Countdown:
    cdef unsigned left

    def __cinit__(self, unsigned left):
        self.left = left

    def __iter__(self):
        return self

    def __next__(self):
        if self.left == 0:
            raise StopIteration
        self.left -= 1
        return <double>self.left
