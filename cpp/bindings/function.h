// Python callables over native loops. What a loop is not made for goes on to NumPy's function of that name,
// with the very arguments that came: another dtype, a subclass, an argument such as `where`.
#pragma once

#include <memory>
#include <vector>

#include "array.h"

namespace fastnn::bindings {

/// The arguments of a call, as Python's vectorcall hands them over.
struct Arguments {
  PyObject* const* values;
  Py_ssize_t positional;
  PyObject* names;  // a tuple of the keywords of the values that follow, or null

  Py_ssize_t keywords() const { return names == nullptr ? 0 : PyTuple_GET_SIZE(names); }
  py::handle operator[](Py_ssize_t i) const { return values[i]; }
};

/// Gives every argument its parameter: `found[i]` for `parameters[i]`, null where it is not given. False for
/// an argument that is not among them, or given twice.
template <std::size_t N>
bool assign_arguments(const Arguments& args, const char* const (&parameters)[N], py::handle (&found)[N]) {
  if (args.positional > static_cast<Py_ssize_t>(N)) return false;
  for (Py_ssize_t i = 0; i < args.positional; ++i) found[i] = args[i];
  for (Py_ssize_t k = 0; k < args.keywords(); ++k) {
    std::size_t i = 0;
    PyObject* name = PyTuple_GET_ITEM(args.names, k);
    while (i < N && PyUnicode_CompareWithASCIIString(name, parameters[i]) != 0) ++i;
    if (i == N || found[i]) return false;
    found[i] = args[args.positional + k];
  }
  return true;
}

/// What a function does with plain arrays of float32 or float64 and with Python's numbers.
class Kernel {
 public:
  explicit Kernel(const char* name) : name_(name) {}
  virtual ~Kernel() = default;
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;
  const char* name() const { return name_; }
  /// The result, an array; or nothing where the arguments are for NumPy. `strict`: there is no such function
  /// of NumPy's, so the arguments are converted, or refused.
  virtual py::object call(const Arguments& args, bool strict) const = 0;

 private:
  const char* name_;
};

/// Adds `kernel` to the module as a function under its name. It answers with arrays, also of no dimensions.
/// Where `numpy_name` is not null, that function of NumPy's serves all other arguments, and
/// native.numpy_functions() has a twin that gives NumPy's scalars instead of arrays of no dimensions.
void add_function(py::module_& m, std::unique_ptr<Kernel> kernel, const char* numpy_name);

}  // namespace fastnn::bindings
