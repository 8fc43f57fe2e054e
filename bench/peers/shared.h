// What is the same for both C++ libraries: plain C++ that knows nothing of Python.
#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

// std::overflow_error becomes Python's OverflowError in both.
inline int64_t add_checked(int64_t a, int64_t b)
{
    int64_t sum;
    if (__builtin_add_overflow(a, b, &sum))
        throw std::overflow_error("the sum does not fit in 64 bits");
    return sum;
}

inline int64_t add_three(int64_t a, std::optional<int64_t> b, std::optional<int64_t> c)
{
    return add_checked(add_checked(a, b.value_or(0)), c.value_or(0));
}

// Sums wrap around: it is the reading that is measured.
inline int64_t sum_vector(const std::vector<int64_t> &values)
{
    uint64_t total = 0;
    for (int64_t value : values)
        total += static_cast<uint64_t>(value);
    return static_cast<int64_t>(total);
}

inline double sum_doubles(const double *values, size_t count)
{
    double total = 0;
    for (size_t i = 0; i < count; i++)
        total += values[i];
    return total;
}

inline std::vector<double> halves(size_t count)
{
    std::vector<double> result(count);
    for (size_t i = 0; i < count; i++)
        result[i] = static_cast<double>(i) / 2;
    return result;
}

struct Point {
    double x, y;

    Point(double x, double y) : x(x), y(y) {}
    double norm() const { return std::sqrt(x * x + y * y); }
    Point scaled(double factor) const { return {x * factor, y * factor}; }
    Point operator+(const Point &other) const { return {x + other.x, y + other.y}; }
};

struct Countdown {
    unsigned left;

    explicit Countdown(unsigned left) : left(left) {}
};
