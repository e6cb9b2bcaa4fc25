#include "reduction.h"

#include "direct.h"
#include "fastnn/core/check.h"

namespace fastnn::bindings {
namespace {

// Types and values of NumPy's error for a dimension that is not there.
[[noreturn]] void raise_axis_error(const std::string& message) {
  const py::object type = py::module_::import("numpy.exceptions").attr("AxisError");
  PyErr_SetObject(type.ptr(), py::str(message).ptr());
  throw py::error_already_set();
}

bool read_axis(PyObject* object, Index& axis) {
  if (!PyLong_CheckExact(object)) return false;
  axis = PyLong_AsSsize_t(object);
  if (axis != -1 || !PyErr_Occurred()) return true;
  PyErr_Clear();
  return false;
}

/// dy repeated over the dimensions of `shape` that were summed, kept or not: a read-only view, since nothing
/// need be computed.
py::object sum_backward(PyObject* const* args) {
  const Input dy("sum", "dy", args[0]);
  const Dims shape = to_dims("sum", args[1]);
  const py::handle axis = args[2];
  Dims axes;
  if (!axis.is_none()) axes = to_dims("sum", axis);
  const Dims kept = reduced_shape("sum", shape, axis.is_none() ? nullptr : &axes);
  Dims strides = shape;
  int j = dy.shape().size();  // of dy, from the back: dimensions that are gone or have size 1 are skipped
  for (int i = shape.size() - 1; i >= 0; --i) {
    const bool here = j > 0 && dy.shape()[j - 1] == kept[i];
    check(here || kept[i] == 1, "sum", "dy.shape must be that of the sum of an array of shape ", shape,
          "; received ", dy.shape());
    strides[i] = here && kept[i] == shape[i] ? dy.strides()[j - 1] : 0;
    if (here) --j;
  }
  check(j == 0, "sum", "dy.shape must be that of the sum of an array of shape ", shape, "; received ",
        dy.shape());
  return dy.read_only_view(shape, strides);
}

py::object sum_to_shape(PyObject* const* args) {
  const Input x("sum_to", "x", args[0]);
  return dispatch(x.dtype(), [&](auto zero) -> py::object {
    using T = decltype(zero);
    const Output<T> out = output<T>("sum_to", to_dims("sum_to", args[1]));
    without_gil(x.view<T>().size(), [&] { sum_to<T>(x.view<T>(), out.view); });
    return out.array;
  });
}

}  // namespace

bool Axes::read(py::handle object, bool one) {
  all = object.is_none();
  if (all) return true;
  values = Dims();
  Index axis;
  if (read_axis(object.ptr(), axis)) {
    values.push_back(axis);
    return true;
  }
  if (one || !PyTuple_CheckExact(object.ptr()) || PyTuple_GET_SIZE(object.ptr()) > kMaxDims) return false;
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(object.ptr()); ++i) {
    if (!read_axis(PyTuple_GET_ITEM(object.ptr(), i), axis)) return false;
    values.push_back(axis);
  }
  return true;
}

Dims kept_shape(const char* op, const Dims& shape, const Axes& axes) {
  for (const Index axis : axes.values) {
    if (axis >= -shape.size() && axis < shape.size()) continue;
    raise_axis_error("[" + std::string(op) + "] axis must lie in [" + std::to_string(-shape.size()) + ", " +
                     std::to_string(shape.size()) + "); received " + std::to_string(axis));
  }
  return reduced_shape(op, shape, axes.all ? nullptr : &axes.values);
}

Dims without_axes(const Dims& dims, const Axes& axes) {
  Dims rest;
  if (axes.all) return rest;
  bool reduced[kMaxDims] = {};
  for (const Index axis : axes.values) reduced[axis < 0 ? axis + dims.size() : axis] = true;
  for (int i = 0; i < dims.size(); ++i) {
    if (!reduced[i]) rest.push_back(dims[i]);
  }
  return rest;
}

void register_reduction(py::module_& m) {
  using Options = ReduceOptions;
  add_reduction<SumSignature>(m, "sum", "sum", [](auto& x, auto& out, const Options&) { sum(x, out); });
  add_reduction<MeanSignature>(m, "mean", "mean", [](auto& x, auto& out, const Options&) { mean(x, out); });
  add_reduction<SumSignature>(m, "prod", "prod", [](auto& x, auto& out, const Options&) { prod(x, out); });
  add_reduction<MaxSignature>(m, "max", "max", [](auto& x, auto& out, const Options&) { max(x, out); });
  add_reduction<MaxSignature>(m, "min", "min", [](auto& x, auto& out, const Options&) { min(x, out); });
  add_reduction<AnySignature, Truth>(m, "any", "any",
                                     [](auto& x, auto& out, const Options&) { any(x, out); });
  add_reduction<AnySignature, Truth>(m, "all", "all",
                                     [](auto& x, auto& out, const Options&) { all(x, out); });
  add_direct<sum_backward, 3>(m, "sum_backward",
                              "sum_backward(arg0: object, arg1: object, arg2: object) -> object");
  add_direct<sum_to_shape, 2>(m, "sum_to", "sum_to(arg0: object, arg1: object) -> object");
}

}  // namespace fastnn::bindings
