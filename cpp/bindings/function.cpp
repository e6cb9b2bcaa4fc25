#include "function.h"

#include <structmember.h>

#include <cstddef>

#include "direct.h"
#include "tape.h"

namespace fastnn::bindings {
namespace {

using py::detail::npy_api;

struct Function {
  PyObject ob_base;
  vectorcallfunc vectorcall;
  const Kernel* kernel;
  PyObject* fallback;  // NumPy's function, or null
  bool scalars;        // whether arrays of no dimensions become NumPy's scalars
};

PyTypeObject* function_type = nullptr;

Function* as_function(PyObject* object) { return reinterpret_cast<Function*>(object); }

/// An array of no dimensions as a scalar.
py::object as_scalar(py::object array) {
  const auto* proxy = py::detail::array_proxy(array.ptr());
  PyObject* scalar = npy_api::get().PyArray_Scalar_(proxy->data, proxy->descr, array.ptr());
  if (scalar == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(scalar);
}

bool has_no_dimensions(py::handle object) {
  return npy_api::get().PyArray_Check_(object.ptr()) && py::detail::array_proxy(object.ptr())->nd == 0;
}

/// NumPy's scalar as an array of no dimensions; anything else as it is.
py::object as_array(py::object result) {
  if (npy_api::get().PyArray_Check_(result.ptr()) || PyTuple_Check(result.ptr())) return result;
  PyObject* array = npy_api::get().PyArray_FromAny_(result.ptr(), nullptr, 0, 0, 0, nullptr);
  if (array == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(array);
}

bool is_argument(const Arguments& args, py::handle object) {
  for (Py_ssize_t i = 0; i < args.positional + args.keywords(); ++i) {
    if (args.values[i] == object.ptr()) return true;
  }
  return false;
}

py::object call_function(const Function& function, PyObject* const* values, std::size_t flags,
                         PyObject* names) {
  const Arguments args{values, PyVectorcall_NARGS(flags), names};
  const bool strict = function.fallback == nullptr;
  if (strict && any_tensor(args)) return call_tensor_function(function.kernel->name(), args);
  py::object result = function.kernel->call(args, strict);
  if (result) {
    // What was given as `out` is given back.
    const bool scalar = function.scalars && has_no_dimensions(result) && !is_argument(args, result);
    return scalar ? as_scalar(std::move(result)) : result;
  }
  if (strict) {
    throw py::type_error(std::string(function.kernel->name()) + "() received arguments it does not know");
  }
  if (any_tensor(args)) return call_tensor_function(function.kernel->name(), args);
  PyObject* numpys = PyObject_Vectorcall(function.fallback, values, flags, names);
  if (numpys == nullptr) throw py::error_already_set();
  result = py::reinterpret_steal<py::object>(numpys);
  return function.scalars ? result : as_array(std::move(result));
}

PyObject* vectorcall(PyObject* self, PyObject* const* values, std::size_t flags, PyObject* names) {
  return answer([&] { return call_function(*as_function(self), values, flags, names); });
}

PyObject* repr(PyObject* self) {
  return PyUnicode_FromFormat("<native function '%s'>", as_function(self)->kernel->name());
}

/// Pickled by name, as functions are.
PyObject* reduce(PyObject* self, PyObject*) {
  return PyUnicode_FromString(as_function(self)->kernel->name());
}

/// What this function lacks, NumPy's has: np.add.reduce, np.exp.nin, a docstring.
PyObject* get_attribute(PyObject* self, PyObject* name) {
  PyObject* found = PyObject_GenericGetAttr(self, name);
  const Function& function = *as_function(self);
  if (found != nullptr || function.fallback == nullptr || !PyErr_ExceptionMatches(PyExc_AttributeError)) {
    return found;
  }
  PyErr_Clear();
  return PyObject_GetAttr(function.fallback, name);
}

PyObject* get_name(PyObject* self, void*) { return PyUnicode_FromString(as_function(self)->kernel->name()); }

PyObject* get_module(PyObject* self, void*) {
  return PyUnicode_FromString(as_function(self)->scalars ? "fastnn.numpy" : "fastnn._core.native");
}

PyObject* get_doc(PyObject* self, void*) {
  const Function& function = *as_function(self);
  if (function.fallback == nullptr) Py_RETURN_NONE;
  return PyObject_GetAttrString(function.fallback, "__doc__");
}

PyTypeObject* make_type() {
  static PyMemberDef members[] = {
      {"__vectorcalloffset__", T_PYSSIZET, offsetof(Function, vectorcall), READONLY, nullptr}, {}};
  static PyMethodDef methods[] = {{"__reduce__", reduce, METH_NOARGS, nullptr}, {}};
  static PyGetSetDef properties[] = {{"__name__", get_name, nullptr, nullptr, nullptr},
                                     {"__qualname__", get_name, nullptr, nullptr, nullptr},
                                     {"__module__", get_module, nullptr, nullptr, nullptr},
                                     {"__doc__", get_doc, nullptr, nullptr, nullptr},
                                     {}};
  static PyType_Slot slots[] = {{Py_tp_call, reinterpret_cast<void*>(PyVectorcall_Call)},
                                {Py_tp_repr, reinterpret_cast<void*>(repr)},
                                {Py_tp_getattro, reinterpret_cast<void*>(get_attribute)},
                                {Py_tp_members, members},
                                {Py_tp_methods, methods},
                                {Py_tp_getset, properties},
                                {}};
  static PyType_Spec spec = {
      "fastnn._core.native.Function", sizeof(Function), 0,
      Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};
  PyObject* type = PyType_FromSpec(&spec);
  if (type == nullptr) throw py::error_already_set();
  return reinterpret_cast<PyTypeObject*>(type);
}

py::object make_function(const Kernel* kernel, py::object fallback, bool scalars) {
  Function* function = PyObject_New(Function, function_type);
  if (function == nullptr) throw py::error_already_set();
  function->vectorcall = vectorcall;
  function->kernel = kernel;
  function->fallback = fallback.release().ptr();
  function->scalars = scalars;
  return py::reinterpret_steal<py::object>(reinterpret_cast<PyObject*>(function));
}

}  // namespace

void register_function(py::module_& m) {
  function_type = make_type();
  m.attr("Function") = py::reinterpret_borrow<py::object>(reinterpret_cast<PyObject*>(function_type));
  m.attr("numpy_functions") = py::dict();
}

void add_function(py::module_& m, std::unique_ptr<Kernel> kernel, const char* numpy_name) {
  const Kernel* forever = kernel.release();  // functions live as long as the process
  py::object fallback;
  if (numpy_name != nullptr) fallback = py::module_::import("numpy").attr(numpy_name);
  m.attr(forever->name()) = make_function(forever, fallback, false);
  m.attr("numpy_functions")[numpy_name == nullptr ? forever->name() : numpy_name] =
      make_function(forever, fallback, true);
}

}  // namespace fastnn::bindings
