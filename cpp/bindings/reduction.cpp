#include "fastnn/ops/reduction.h"

#include "array.h"
#include "bindings.h"

namespace fastnn::bindings {
namespace {

template <class T>
using Reduce = void (*)(const View<const T>&, const View<T>&);

py::object reduce(const char* op, Reduce<float> narrow, Reduce<double> wide, py::handle object,
                  py::handle axis, bool keepdims) {
  const std::optional<Input> x = Input::floating(op, "x", object);
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

}  // namespace

void register_reduction(py::module_& m) {
  m.def("sum", [](py::handle x, py::handle axis, bool keepdims) {
    return reduce("sum", sum, sum, x, axis, keepdims);
  });
  m.def("mean", [](py::handle x, py::handle axis, bool keepdims) {
    return reduce("mean", mean, mean, x, axis, keepdims);
  });
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
