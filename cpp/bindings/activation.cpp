#include "fastnn/ops/activation.h"

#include "array.h"
#include "bindings.h"
#include "fastnn/core/shape.h"

namespace fastnn::bindings {
namespace {

template <Activation A>
py::object forward(const char* op, py::handle object) {
  const Input x(op, "x", object);
  return dispatch(x.dtype(), [&](auto zero) -> py::object {
    using T = decltype(zero);
    const View<const T> view = x.view<T>();
    const Output<T> y = output<T>(op, view.shape, strides_like(view.shape, &view.strides, 1));
    without_gil(view.size(), [&] { activation_forward<T>(A, view, y.view); });
    return y.array;
  });
}

template <Activation A>
py::object backward(const char* op, py::handle y_object, py::handle dy_object) {
  Input y(op, "y", y_object), dy(op, "dy", dy_object);
  return dispatch(common_dtype(y, dy), [&](auto zero) -> py::object {
    using T = decltype(zero);
    const View<const T> view = y.view<T>();
    const Output<T> dx = output<T>(op, view.shape, strides_like(view.shape, &view.strides, 1));
    without_gil(view.size(), [&] { activation_backward<T>(A, view, dy.view<T>(), dx.view); });
    return dx.array;
  });
}

}  // namespace

void register_activation(py::module_& m) {
  m.def("relu_forward", [](py::handle x) { return forward<Activation::relu>("relu", x); });
  m.def("relu_backward",
        [](py::handle y, py::handle dy) { return backward<Activation::relu>("relu", y, dy); });
  m.def("sigmoid_forward", [](py::handle x) { return forward<Activation::sigmoid>("sigmoid", x); });
  m.def("sigmoid_backward",
        [](py::handle y, py::handle dy) { return backward<Activation::sigmoid>("sigmoid", y, dy); });
  m.def("tanh_forward", [](py::handle x) { return forward<Activation::tanh>("tanh", x); });
  m.def("tanh_backward",
        [](py::handle y, py::handle dy) { return backward<Activation::tanh>("tanh", y, dy); });
}

}  // namespace fastnn::bindings
