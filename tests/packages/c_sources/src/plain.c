#define PY_SSIZE_T_CLEAN
#include <Python.h>

#ifdef Py_LIMITED_API
#define LIMITED Py_LIMITED_API
#else
#define LIMITED 0
#endif

#ifdef Py_GIL_DISABLED
#define FREE_THREADED 1
#define LOCK "for a build without the global interpreter lock"
#else
#define FREE_THREADED 0
#define LOCK "for a build with the global interpreter lock"
#endif

/* The limited API, the minor version and the kind of build that this file was compiled for, and the size of a pointer. */
static PyObject *facts(PyObject *module, PyObject *none) {
    (void)module;
    (void)none;
    return Py_BuildValue("kiii", (unsigned long)LIMITED, PY_MINOR_VERSION, FREE_THREADED, (int)sizeof(void *));
}

static PyMethodDef methods[] = {{"facts", facts, METH_NOARGS, LOCK}, {NULL, NULL, 0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_plain", NULL, 0, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__plain(void) { return PyModule_Create(&definition); }
