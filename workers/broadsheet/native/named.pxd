# Named tuples, made as `tuple.__new__` makes them, without the calls of Python around it.
cdef extern from *:
    """
    static PyObject *broadsheet_named(PyObject *kind, PyObject *fields) {
        PyObject *made = NULL, *arguments = PyTuple_Pack(1, fields);
        if (arguments != NULL) {
            made = PyTuple_Type.tp_new((PyTypeObject *)kind, arguments, NULL);
            Py_DECREF(arguments);
        }
        return made;
    }
    """
    object named "broadsheet_named" (object kind, tuple fields)
