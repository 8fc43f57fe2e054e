// The functions of calls/src/root.zig with nanobind, as its documentation recommends them: type casters of the STL, value
// semantics for numbers, ndarray for buffers, nb::is_operator for operators, positional names by the _a literal.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/operators.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include "shared.h"

namespace nb = nanobind;
using namespace nb::literals;

using Doubles = nb::ndarray<const double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

static int64_t sum_list(nb::list values)
{
    uint64_t total = 0;
    for (nb::handle value : values)
        total += static_cast<uint64_t>(nb::cast<int64_t>(value));
    return static_cast<int64_t>(total);
}

static int64_t sum_values(nb::dict values)
{
    uint64_t total = 0;
    for (auto [key, value] : values)
        total += static_cast<uint64_t>(nb::cast<int64_t>(value));
    return static_cast<int64_t>(total);
}

static double sum_buffer(Doubles values)
{
    return sum_doubles(values.data(), values.shape(0));
}

static double countdown_next(Countdown &countdown)
{
    if (countdown.left == 0)
        throw nb::stop_iteration();
    return --countdown.left;
}

NB_MODULE(nanobind_peer, module)
{
    module.def("noop", [] {});
    module.def("add_ints", &add_checked, "a"_a, "b"_a);
    module.def("add_floats", [](double a, double b) { return a + b; }, "a"_a, "b"_a);
    module.def("echo", [](std::string_view text) { return text; }, "text"_a);
    module.def("keywords", &add_three, "a"_a, "b"_a = nb::none(), "c"_a = nb::none());
    module.def("sum_ints", &sum_vector, "values"_a);
    module.def("sum_list", &sum_list, "values"_a);
    module.def("halves", &halves, "count"_a);
    module.def("scale", [](std::pair<int64_t, double> pair) { return pair.first * pair.second; }, "pair"_a);
    module.def("sum_values", &sum_values, "values"_a);
    module.def("sum_buffer", &sum_buffer, "values"_a);

    nb::class_<Point>(module, "Point")
        .def(nb::init<double, double>(), "x"_a, "y"_a)
        .def_rw("x", &Point::x)
        .def_rw("y", &Point::y)
        .def("norm", &Point::norm)
        .def("scaled", &Point::scaled, "factor"_a)
        .def(nb::self + nb::self);

    nb::class_<Countdown>(module, "Countdown")
        .def(nb::init<unsigned>(), "left"_a)
        .def("__iter__", [](nb::handle self) { return self; })
        .def("__next__", &countdown_next);
}
