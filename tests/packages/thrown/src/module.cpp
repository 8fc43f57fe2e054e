#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

long half(long value);

namespace {

int unwound = 0;

struct Guard {
    ~Guard() { unwound += 1; }
};

/* Goes through frames with something to destroy. */
long halves(long value, int times) {
    Guard guard;
    return times == 0 ? value : half(halves(value, times - 1));
}

PyObject *py_halves(PyObject *, PyObject *arguments) {
    long value;
    int times;
    if (!PyArg_ParseTuple(arguments, "li", &value, &times)) return nullptr;
    try {
        return PyLong_FromLong(halves(value, times));
    } catch (const std::invalid_argument &error) {
        PyErr_SetString(PyExc_ValueError, error.what());
    } catch (...) {
        PyErr_SetString(PyExc_SystemError, "not what was thrown");
    }
    return nullptr;
}

/* What the library throws, and what is thrown again. */
PyObject *at(PyObject *, PyObject *arguments) {
    Py_ssize_t index;
    if (!PyArg_ParseTuple(arguments, "n", &index)) return nullptr;
    const std::vector<std::string> words{"zero", "one"};
    try {
        try {
            return PyUnicode_FromString(words.at(static_cast<std::size_t>(index)).c_str());
        } catch (const std::exception &) {
            throw;
        }
    } catch (const std::out_of_range &error) {
        PyErr_SetString(PyExc_IndexError, error.what());
        return nullptr;
    }
}

PyObject *count(PyObject *, PyObject *) { return PyLong_FromLong(unwound); }

PyMethodDef methods[] = {
    {"halves", py_halves, METH_VARARGS, nullptr},
    {"at", at, METH_VARARGS, nullptr},
    {"unwound", count, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_cpp", nullptr, 0, methods, nullptr, nullptr, nullptr, nullptr};

}  // namespace

PyMODINIT_FUNC PyInit__cpp() { return PyModule_Create(&definition); }
