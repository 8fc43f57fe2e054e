/* Point and Countdown as a careful C author writes them by hand: heap types with tp_vectorcall where the build can have
 * it, METH_NOARGS and METH_O, getset functions that check types, keyword names compared by pointer. */
#include <math.h>
#include <stddef.h>

typedef struct {
    PyObject_HEAD
    double x, y;
} Point;

typedef struct {
    PyObject_HEAD
    unsigned left;
} Countdown;

static PyObject *point_new(PyTypeObject *type, double x, double y)
{
    Point *point = (Point *)PyType_GenericAlloc(type, 0);
    if (point == NULL)
        return NULL;
    point->x = x;
    point->y = y;
    return (PyObject *)point;
}

static void point_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
#ifdef Py_LIMITED_API
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
#else
    type->tp_free(self);
#endif
    Py_DECREF(type);
}

#ifndef Py_LIMITED_API
static PyObject *point_vectorcall(PyObject *type, PyObject *const *arguments, size_t flags, PyObject *names)
{
    Py_ssize_t count = PyVectorcall_NARGS(flags);
    PyObject *bound[2] = {NULL, NULL};
    double x, y;
    if (count > 2) {
        PyErr_Format(PyExc_TypeError, "Point() takes 2 positional arguments but %zd were given", count);
        return NULL;
    }
    for (Py_ssize_t i = 0; i < count; i++)
        bound[i] = arguments[i];
    if (names != NULL) {
        const State *state = PyType_GetModuleState((PyTypeObject *)type);
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(names); i++) {
            PyObject *name = PyTuple_GET_ITEM(names, i);
            int index = name == state->x || (name != state->y && PyUnicode_Compare(name, state->x) == 0) ? 0 : 1;
            if (index == 1 && name != state->y && PyUnicode_Compare(name, state->y) != 0) {
                PyErr_Format(PyExc_TypeError, "Point() got an unexpected keyword argument '%S'", name);
                return NULL;
            }
            if (bound[index] != NULL) {
                PyErr_SetString(PyExc_TypeError, "Point() got multiple values for an argument");
                return NULL;
            }
            bound[index] = arguments[count + i];
        }
    }
    if (bound[0] == NULL || bound[1] == NULL) {
        PyErr_SetString(PyExc_TypeError, "Point() misses an argument");
        return NULL;
    }
    if (!read_float(bound[0], &x) || !read_float(bound[1], &y))
        return NULL;
    return point_new((PyTypeObject *)type, x, y);
}
#endif

static PyObject *point_tp_new(PyTypeObject *type, PyObject *arguments, PyObject *keywords)
{
    static char *names[] = {"x", "y", NULL};
    double x, y;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "dd:Point", names, &x, &y))
        return NULL;
    return point_new(type, x, y);
}

static PyObject *point_norm(PyObject *self, PyObject *unused)
{
    const Point *point = (Point *)self;
    return PyFloat_FromDouble(sqrt(point->x * point->x + point->y * point->y));
}

static PyObject *point_scaled(PyObject *self, PyObject *argument)
{
    const Point *point = (Point *)self;
    double factor;
    if (!read_float(argument, &factor))
        return NULL;
    return point_new(Py_TYPE(self), point->x * factor, point->y * factor);
}

static PyObject *point_add(PyObject *left, PyObject *right)
{
    if (Py_TYPE(left) != Py_TYPE(right))
        Py_RETURN_NOTIMPLEMENTED;
    const Point *a = (Point *)left, *b = (Point *)right;
    return point_new(Py_TYPE(left), a->x + b->x, a->y + b->y);
}

static PyObject *point_get(PyObject *self, void *offset)
{
    return PyFloat_FromDouble(*(double *)((char *)self + (size_t)offset));
}

static int point_set(PyObject *self, PyObject *value, void *offset)
{
    if (value == NULL) {
        PyErr_SetString(PyExc_AttributeError, "cannot delete");
        return -1;
    }
    double given;
    if (!read_float(value, &given))
        return -1;
    *(double *)((char *)self + (size_t)offset) = given;
    return 0;
}

static PyMethodDef point_methods[] = {
    {"norm", point_norm, METH_NOARGS, NULL},
    {"scaled", point_scaled, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef point_getset[] = {
    {"x", point_get, point_set, NULL, (void *)offsetof(Point, x)},
    {"y", point_get, point_set, NULL, (void *)offsetof(Point, y)},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot point_slots[] = {
    {Py_tp_new, point_tp_new},
    {Py_tp_dealloc, point_dealloc},
    {Py_tp_methods, point_methods},
    {Py_tp_getset, point_getset},
    {Py_nb_add, point_add},
    {0, NULL},
};

static PyType_Spec point_spec = {"yardstick.Point", sizeof(Point), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, point_slots};

static PyObject *countdown_new(PyTypeObject *type, PyObject *arguments, PyObject *keywords)
{
    static char *names[] = {"left", NULL};
    unsigned left;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "I:Countdown", names, &left))
        return NULL;
    Countdown *countdown = (Countdown *)PyType_GenericAlloc(type, 0);
    if (countdown != NULL)
        countdown->left = left;
    return (PyObject *)countdown;
}

static PyObject *countdown_next(PyObject *self)
{
    Countdown *countdown = (Countdown *)self;
    if (countdown->left == 0)
        return NULL;
    return PyFloat_FromDouble(--countdown->left);
}

static PyType_Slot countdown_slots[] = {
    {Py_tp_new, countdown_new},
    {Py_tp_dealloc, point_dealloc},
    {Py_tp_iter, PyObject_SelfIter},
    {Py_tp_iternext, countdown_next},
    {0, NULL},
};

static PyType_Spec countdown_spec = {
    "yardstick.Countdown", sizeof(Countdown), 0, Py_TPFLAGS_DEFAULT, countdown_slots,
};

static int add_class(PyObject *module, PyObject *type, const char *name)
{
    if (type == NULL)
        return -1;
    int status = PyObject_SetAttrString(module, name, type);
    Py_DECREF(type);
    return status;
}

static int add_classes(PyObject *module, State *state)
{
    state->x = PyUnicode_InternFromString("x");
    state->y = PyUnicode_InternFromString("y");
    PyObject *type = PyType_FromModuleAndSpec(module, &point_spec, NULL);
    if (type == NULL || state->x == NULL || state->y == NULL)
        return -1;
#ifndef Py_LIMITED_API
    ((PyTypeObject *)type)->tp_vectorcall = point_vectorcall;
#endif
    if (add_class(module, type, "Point") < 0)
        return -1;
    return add_class(module, PyType_FromModuleAndSpec(module, &countdown_spec, NULL), "Countdown");
}
