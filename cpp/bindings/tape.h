// The tape as C++ sees it. Tensor (python/fastnn/tensor.py) is a class of Python's, with __slots__.
#pragma once

#include "function.h"

namespace fastnn::bindings {

struct Tape {
  PyTypeObject* tensor = nullptr;
  PyObject* no_tape = nullptr;
  PyObject* functions = nullptr;                   // ops by their names
  Py_ssize_t array, requires_grad, grad, made_by;  // where in a tensor these lie
};
extern Tape tape;

inline PyObject*& slot(PyObject* object, Py_ssize_t offset) {
  return *reinterpret_cast<PyObject**>(reinterpret_cast<char*>(object) + offset);
}

inline py::object checked(PyObject* made) {
  if (made == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(made);
}

inline bool is_tensor(PyObject* object) { return PyObject_TypeCheck(object, tape.tensor); }

bool any_tensor(const Arguments& args);

/// A tensor around `array`, with a node of its own or none.
py::object new_tensor(py::object array, bool requires_grad, py::object node);

/// Calls `forward(ctx, *values)` with tensors' arrays; where a tensor wants its gradient, `ctx` is a new
/// node.
py::object record(PyObject* op, PyObject* forward, PyObject* const* args, Py_ssize_t n);

/// Calls the op of this name instead of a native function.
py::object call_tensor_function(const char* name, const Arguments& args);

/// The rule of an op as the flow calls it, on arrays: a new reference, None where there is none.
py::object rule_of(PyObject* op);

}  // namespace fastnn::bindings
