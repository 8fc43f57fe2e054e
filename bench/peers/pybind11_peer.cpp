// The functions of calls/src/root.zig with pybind11, as its documentation recommends them: type casters of the STL,
// py::buffer for buffers, py::self for operators, names by the _a literal.
#include <pybind11/operators.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include "shared.h"

namespace py = pybind11;
using namespace py::literals;

static int64_t sum_list(py::list values)
{
    uint64_t total = 0;
    for (py::handle value : values)
        total += static_cast<uint64_t>(value.cast<int64_t>());
    return static_cast<int64_t>(total);
}

static int64_t sum_values(py::dict values)
{
    uint64_t total = 0;
    for (auto item : values)
        total += static_cast<uint64_t>(item.second.cast<int64_t>());
    return static_cast<int64_t>(total);
}

static double sum_buffer(py::buffer values)
{
    py::buffer_info info = values.request();
    if (info.ndim != 1 || !info.item_type_is_equivalent_to<double>() || info.strides[0] != sizeof(double))
        throw py::type_error("expected a contiguous buffer of float64");
    return sum_doubles(static_cast<const double *>(info.ptr), static_cast<size_t>(info.shape[0]));
}

static double countdown_next(Countdown &countdown)
{
    if (countdown.left == 0)
        throw py::stop_iteration();
    return --countdown.left;
}

PYBIND11_MODULE(pybind11_peer, module)
{
    module.def("noop", [] {});
    module.def("add_ints", &add_checked, "a"_a, "b"_a);
    module.def("add_floats", [](double a, double b) { return a + b; }, "a"_a, "b"_a);
    module.def("echo", [](std::string_view text) { return text; }, "text"_a);
    module.def("keywords", &add_three, "a"_a, "b"_a = py::none(), "c"_a = py::none());
    module.def("sum_ints", &sum_vector, "values"_a);
    module.def("sum_list", &sum_list, "values"_a);
    module.def("halves", &halves, "count"_a);
    module.def("scale", [](std::pair<int64_t, double> pair) { return pair.first * pair.second; }, "pair"_a);
    module.def("sum_values", &sum_values, "values"_a);
    module.def("sum_buffer", &sum_buffer, "values"_a);

    py::class_<Point>(module, "Point")
        .def(py::init<double, double>(), "x"_a, "y"_a)
        .def_readwrite("x", &Point::x)
        .def_readwrite("y", &Point::y)
        .def("norm", &Point::norm)
        .def("scaled", &Point::scaled, "factor"_a)
        .def(py::self + py::self);

    py::class_<Countdown>(module, "Countdown")
        .def(py::init<unsigned>(), "left"_a)
        .def("__iter__", [](py::object self) { return self; })
        .def("__next__", &countdown_next);
}
