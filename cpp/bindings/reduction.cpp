#include "fastnn/ops/reduction.h"

#include "array.h"
#include "bindings.h"
#include "fastnn/core/check.h"

namespace fastnn::bindings {
namespace {

template <class T>
using Reduce = void (*)(const View<const T>&, const View<T>&);

py::object reduce(const char* op, Reduce<float> narrow, Reduce<double> wide, py::handle object,
                  py::handle axis, bool keepdims) {
  const std::optional<Input> x = Input::plain(object);
  if (!x) return py::reinterpret_borrow<py::object>(Py_NotImplemented);
  Dims axes;
  if (!axis.is_none()) axes = to_dims(op, axis);
  const Dims kept = reduced_shape(op, x->shape(), axis.is_none() ? nullptr : &axes);
  Dims shape;  // of the result
  if (keepdims) {
    shape = kept;
  } else if (!axis.is_none()) {
    bool summed[kMaxDims] = {};
    for (const Index a : axes) summed[a < 0 ? a + kept.size() : a] = true;
    for (int i = 0; i < kept.size(); ++i) {
      if (!summed[i]) shape.push_back(kept[i]);
    }
  }
  return dispatch(x->dtype(), [&](auto zero) -> py::object {
    using T = decltype(zero);
    const Output<T> out = output<T>(op, shape);
    without_gil(x->view<T>().size(), [&] {
      const View<T> view(out.view.data, kept);
      if constexpr (std::is_same_v<T, float>) {
        narrow(x->view<T>(), view);
      } else {
        wide(x->view<T>(), view);
      }
    });
    return out.array;
  });
}

/// dy repeated over the dimensions of `shape` that were summed, kept or not: a read-only view, since nothing
/// need be computed.
py::object sum_backward(py::handle object, py::handle shape_object, py::handle axis) {
  const Input dy("sum", "dy", object);
  const Dims shape = to_dims("sum", shape_object);
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

}  // namespace

void register_reduction(py::module_& m) {
  m.def("sum", [](py::handle x, py::handle axis, bool keepdims) {
    return reduce("sum", sum, sum, x, axis, keepdims);
  });
  m.def("mean", [](py::handle x, py::handle axis, bool keepdims) {
    return reduce("mean", mean, mean, x, axis, keepdims);
  });
  m.def("sum_backward", &sum_backward);
  m.def("sum_to", [](py::handle object, py::handle shape) {
    const Input x("sum_to", "x", object);
    return dispatch(x.dtype(), [&](auto zero) -> py::object {
      using T = decltype(zero);
      const Output<T> out = output<T>("sum_to", to_dims("sum_to", shape));
      without_gil(x.view<T>().size(), [&] { sum_to<T>(x.view<T>(), out.view); });
      return out.array;
    });
  });
}

}  // namespace fastnn::bindings
