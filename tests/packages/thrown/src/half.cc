#include <stdexcept>
#include <string>

struct Odd : std::invalid_argument {
    explicit Odd(long value) : std::invalid_argument(std::to_string(value) + " is odd") {}
};

long half(long value) {
    if (value % 2 != 0) throw Odd(value);
    return value / 2;
}
