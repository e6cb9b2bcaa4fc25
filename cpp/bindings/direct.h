// Functions that Python calls at every step, without pybind11's dispatch, which costs as much as a small op.
#pragma once

#include <pybind11/pybind11.h>

#include <new>
#include <stdexcept>

namespace fastnn::bindings {

namespace py = pybind11;

/// What `f` returns, as a new reference; null, with Python's error set, where it throws.
template <class F>
PyObject* answer(F&& f) {
  try {
    return f().release().ptr();
  } catch (py::error_already_set& error) {
    error.restore();
  } catch (const py::builtin_exception& error) {
    error.set_error();
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  } catch (const std::invalid_argument& error) {
    PyErr_SetString(PyExc_ValueError, error.what());
  } catch (const std::exception& error) {
    PyErr_SetString(PyExc_RuntimeError, error.what());
  }
  return nullptr;
}

namespace detail {

template <auto kFunction, Py_ssize_t kCount>
PyObject* direct(PyObject*, PyObject* const* args, Py_ssize_t n) {
  if (n != kCount) {
    return PyErr_Format(PyExc_TypeError, "this function takes %zd arguments but %zd were given", kCount, n);
  }
  return answer([&] { return kFunction(args); });
}

}  // namespace detail

/// Adds `kFunction(args)`, where `args` holds kCount objects; the first line of `doc` is its signature.
template <auto kFunction, Py_ssize_t kCount>
void add_direct(py::module_& m, const char* name, const char* doc) {
  auto* call = reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(&detail::direct<kFunction, kCount>));
  static PyMethodDef method = {name, call, METH_FASTCALL, doc};
  PyObject* made = PyCFunction_NewEx(&method, nullptr, nullptr);
  if (made == nullptr) throw py::error_already_set();
  m.attr(name) = py::reinterpret_steal<py::object>(made);
}

}  // namespace fastnn::bindings
