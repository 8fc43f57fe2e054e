/* The yardstick: the functions of src/root.zig as a careful C author writes them by hand.
 *
 * Each function uses the fastest way that we know of in CPython's public headers:
 * - METH_FASTCALL for no and for two arguments (the interpreter has no fast path for a module's METH_NOARGS function),
 *   METH_O for one, METH_FASTCALL | METH_KEYWORDS with interned names compared by pointer for keywords;
 * - in a build for one version, the inline reads of the headers: small ints (3.12 and newer), floats, ASCII text,
 *   tuples, items of lists;
 * - PyErr_Occurred only after -1.
 * Only `keywords` takes keyword arguments here, where alloconda's functions all do: the yardstick does less.
 *
 * With Py_LIMITED_API defined the same file is a stable ABI extension, where those reads are calls.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdlib.h>
#include <string.h>

/* 1 and the value, or 0 with an exception set. Floats are refused, as PyLong_AsLongLong does. */
static inline int read_int(PyObject *object, long long *value)
{
#if !defined(Py_LIMITED_API) && PY_VERSION_HEX >= 0x030C0000
    if (PyLong_CheckExact(object) && PyUnstable_Long_IsCompact((PyLongObject *)object)) {
        *value = PyUnstable_Long_CompactValue((PyLongObject *)object);
        return 1;
    }
#endif
    *value = PyLong_AsLongLong(object);
    return *value != -1 || !PyErr_Occurred();
}

static inline int read_float(PyObject *object, double *value)
{
#ifndef Py_LIMITED_API
    if (PyFloat_CheckExact(object)) {
        *value = PyFloat_AS_DOUBLE(object);
        return 1;
    }
#endif
    *value = PyFloat_AsDouble(object);
    return *value != -1.0 || !PyErr_Occurred();
}

static int add_checked(long long a, long long b, long long *sum)
{
    if (!__builtin_add_overflow(a, b, sum))
        return 1;
    PyErr_SetString(PyExc_OverflowError, "the sum does not fit in 64 bits");
    return 0;
}

static int expect(const char *function, Py_ssize_t expected, Py_ssize_t given)
{
    if (expected == given)
        return 1;
    PyErr_Format(PyExc_TypeError, "%s() takes %zd positional arguments but %zd were given", function, expected, given);
    return 0;
}

static PyObject *noop(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
{
    if (!expect("noop", 0, count))
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *add_ints(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
{
    long long a, b, sum;
    if (!expect("add_ints", 2, count) || !read_int(arguments[0], &a) || !read_int(arguments[1], &b))
        return NULL;
    if (!add_checked(a, b, &sum))
        return NULL;
    return PyLong_FromLongLong(sum);
}

static PyObject *add_floats(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
{
    double a, b;
    if (!expect("add_floats", 2, count) || !read_float(arguments[0], &a) || !read_float(arguments[1], &b))
        return NULL;
    return PyFloat_FromDouble(a + b);
}

/* By way of UTF-8 in both directions, as a function that does something with the text. */
static PyObject *echo(PyObject *module, PyObject *argument)
{
    Py_ssize_t size;
    const char *text;
#ifndef Py_LIMITED_API
    if (PyUnicode_CheckExact(argument) && PyUnicode_IS_COMPACT_ASCII(argument)) {
        text = PyUnicode_DATA(argument);
        size = PyUnicode_GET_LENGTH(argument);
    } else
#endif
    {
        text = PyUnicode_AsUTF8AndSize(argument, &size);
        if (text == NULL)
            return NULL;
    }
    return PyUnicode_FromStringAndSize(text, size);
}

enum { A, B, C, KEYWORDS };

static const char *const keyword_names[KEYWORDS] = {"a", "b", "c"};

typedef struct {
    PyObject *names[KEYWORDS];
    PyObject *x, *y; /* names of Point's parameters */
} State;

static int keyword_index(const State *state, PyObject *name)
{
    for (int i = 0; i < KEYWORDS; i++)
        if (state->names[i] == name)
            return i;
    for (int i = 0; i < KEYWORDS; i++)
        if (PyUnicode_Compare(state->names[i], name) == 0)
            return i;
    PyErr_Format(PyExc_TypeError, "keywords() got an unexpected keyword argument '%S'", name);
    return -1;
}

#ifdef Py_LIMITED_API
#define TUPLE_SIZE PyTuple_Size
#define TUPLE_ITEM PyTuple_GetItem
#else
#define TUPLE_SIZE PyTuple_GET_SIZE
#define TUPLE_ITEM PyTuple_GET_ITEM
#endif

static PyObject *keywords(PyObject *module, PyObject *const *arguments, Py_ssize_t count, PyObject *names)
{
    PyObject *bound[KEYWORDS] = {NULL, NULL, NULL};
    long long a, b = 0, c = 0, sum;
    if (count > KEYWORDS) {
        PyErr_Format(PyExc_TypeError, "keywords() takes from 1 to 3 positional arguments but %zd were given", count);
        return NULL;
    }
    for (Py_ssize_t i = 0; i < count; i++)
        bound[i] = arguments[i];
    if (names != NULL) {
        const State *state = PyModule_GetState(module);
        Py_ssize_t given = TUPLE_SIZE(names);
        for (Py_ssize_t i = 0; i < given; i++) {
            int index = keyword_index(state, TUPLE_ITEM(names, i));
            if (index < 0)
                return NULL;
            if (bound[index] != NULL) {
                PyErr_Format(PyExc_TypeError, "keywords() got multiple values for argument '%s'", keyword_names[index]);
                return NULL;
            }
            bound[index] = arguments[count + i];
        }
    }
    if (bound[A] == NULL) {
        PyErr_SetString(PyExc_TypeError, "keywords() missing 1 required positional argument: 'a'");
        return NULL;
    }
    if (!read_int(bound[A], &a))
        return NULL;
    if (bound[B] != NULL && bound[B] != Py_None && !read_int(bound[B], &b))
        return NULL;
    if (bound[C] != NULL && bound[C] != Py_None && !read_int(bound[C], &c))
        return NULL;
    if (!add_checked(a, b, &sum) || !add_checked(sum, c, &sum))
        return NULL;
    return PyLong_FromLongLong(sum);
}

#ifdef Py_LIMITED_API
#define LIST_SIZE PyList_Size
#define LIST_ITEM PyList_GetItem
#define SET_LIST_ITEM PyList_SetItem
#else
#define LIST_SIZE PyList_GET_SIZE
#define LIST_ITEM PyList_GET_ITEM
#define SET_LIST_ITEM PyList_SET_ITEM
#endif

/* Sums wrap around: it is the reading that is measured. */

/* Copies the list first, as a function does whose C code takes an array. */
static PyObject *sum_ints(PyObject *module, PyObject *argument)
{
    unsigned long long sum = 0;
    if (!PyList_Check(argument)) {
        PyErr_SetString(PyExc_TypeError, "expected a list");
        return NULL;
    }
    Py_ssize_t size = LIST_SIZE(argument);
    long long *values = malloc((size_t)size * sizeof(long long));
    if (values == NULL)
        return PyErr_NoMemory();
    for (Py_ssize_t i = 0; i < size; i++) {
        if (!read_int(LIST_ITEM(argument, i), &values[i])) {
            free(values);
            return NULL;
        }
    }
    for (Py_ssize_t i = 0; i < size; i++)
        sum += (unsigned long long)values[i];
    free(values);
    return PyLong_FromLongLong((long long)sum);
}

/* Reads the list in place. */
static PyObject *sum_list(PyObject *module, PyObject *argument)
{
    long long value;
    unsigned long long sum = 0;
    if (!PyList_Check(argument)) {
        PyErr_SetString(PyExc_TypeError, "expected a list");
        return NULL;
    }
    for (Py_ssize_t i = 0; i < LIST_SIZE(argument); i++) {
        if (!read_int(LIST_ITEM(argument, i), &value))
            return NULL;
        sum += (unsigned long long)value;
    }
    return PyLong_FromLongLong((long long)sum);
}

static PyObject *halves(PyObject *module, PyObject *argument)
{
    long long count;
    if (!read_int(argument, &count))
        return NULL;
    PyObject *list = PyList_New((Py_ssize_t)count);
    if (list == NULL)
        return NULL;
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *half = PyFloat_FromDouble((double)i / 2);
        if (half == NULL) {
            Py_DECREF(list);
            return NULL;
        }
        SET_LIST_ITEM(list, i, half);
    }
    return list;
}

static PyObject *scale(PyObject *module, PyObject *argument)
{
    long long whole;
    double factor;
    if (!PyTuple_Check(argument) || TUPLE_SIZE(argument) != 2) {
        PyErr_SetString(PyExc_TypeError, "expected a tuple of two");
        return NULL;
    }
    if (!read_int(TUPLE_ITEM(argument, 0), &whole) || !read_float(TUPLE_ITEM(argument, 1), &factor))
        return NULL;
    return PyFloat_FromDouble((double)whole * factor);
}

static PyObject *sum_values(PyObject *module, PyObject *argument)
{
    PyObject *key, *object;
    Py_ssize_t position = 0;
    long long value;
    unsigned long long sum = 0;
    if (!PyDict_Check(argument)) {
        PyErr_SetString(PyExc_TypeError, "expected a dict");
        return NULL;
    }
    while (PyDict_Next(argument, &position, &key, &object)) {
        if (!read_int(object, &value))
            return NULL;
        sum += (unsigned long long)value;
    }
    return PyLong_FromLongLong((long long)sum);
}

/* In the stable ABI since Python 3.11. */
#if !defined(Py_LIMITED_API) || Py_LIMITED_API >= 0x030B0000
#define HAVE_BUFFERS
static PyObject *sum_buffer(PyObject *module, PyObject *argument)
{
    Py_buffer view;
    if (PyObject_GetBuffer(argument, &view, PyBUF_FORMAT | PyBUF_ND) < 0)
        return NULL;
    if (view.ndim != 1 || view.itemsize != sizeof(double) || view.format == NULL || strcmp(view.format, "d") != 0) {
        PyBuffer_Release(&view);
        PyErr_SetString(PyExc_TypeError, "expected a buffer of float64");
        return NULL;
    }
    const double *values = view.buf;
    double sum = 0;
    for (Py_ssize_t i = 0; i < view.shape[0]; i++)
        sum += values[i];
    PyBuffer_Release(&view);
    return PyFloat_FromDouble(sum);
}
#endif

#include "yardstick_classes.h"

static PyMethodDef methods[] = {
    {"noop", (PyCFunction)(void (*)(void))noop, METH_FASTCALL, NULL},
    {"add_ints", (PyCFunction)(void (*)(void))add_ints, METH_FASTCALL, NULL},
    {"add_floats", (PyCFunction)(void (*)(void))add_floats, METH_FASTCALL, NULL},
    {"echo", echo, METH_O, NULL},
    {"keywords", (PyCFunction)(void (*)(void))keywords, METH_FASTCALL | METH_KEYWORDS, NULL},
    {"sum_ints", sum_ints, METH_O, NULL},
    {"sum_list", sum_list, METH_O, NULL},
    {"halves", halves, METH_O, NULL},
    {"scale", scale, METH_O, NULL},
    {"sum_values", sum_values, METH_O, NULL},
#ifdef HAVE_BUFFERS
    {"sum_buffer", sum_buffer, METH_O, NULL},
#endif
    {NULL, NULL, 0, NULL},
};

static int execute(PyObject *module)
{
    State *state = PyModule_GetState(module);
    for (int i = 0; i < KEYWORDS; i++) {
        state->names[i] = PyUnicode_InternFromString(keyword_names[i]);
        if (state->names[i] == NULL)
            return -1;
    }
    return add_classes(module, state);
}

static int clear(PyObject *module)
{
    State *state = PyModule_GetState(module);
    for (int i = 0; i < KEYWORDS; i++)
        Py_CLEAR(state->names[i]);
    Py_CLEAR(state->x);
    Py_CLEAR(state->y);
    return 0;
}

static void release(void *module)
{
    clear(module);
}

static int traverse(PyObject *module, visitproc visit, void *arg)
{
    State *state = PyModule_GetState(module);
    for (int i = 0; i < KEYWORDS; i++)
        Py_VISIT(state->names[i]);
    return 0;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, execute}, {0, NULL}};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "yardstick",
    .m_size = sizeof(State),
    .m_methods = methods,
    .m_slots = slots,
    .m_traverse = traverse,
    .m_clear = clear,
    .m_free = release,
};

PyMODINIT_FUNC PyInit_yardstick(void)
{
    return PyModuleDef_Init(&definition);
}
