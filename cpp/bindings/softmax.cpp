#include "fastnn/ops/softmax.h"

#include "array.h"

namespace fastnn::bindings {
namespace {

template <class F>
py::array forward(const char* op, py::handle x_object, F f) {
  const Input x(op, "x", x_object);
  return dispatch(x.dtype(), [&](auto scalar) {
    using T = decltype(scalar);
    Output<T> y = output<T>(op, x.shape());
    without_gil(y.view.size(), [&] { f(x.view<T>(), y.view); });
    return y.array;
  });
}

template <class F>
py::array backward(const char* op, py::handle y_object, py::handle dy_object, F f) {
  Input y(op, "y", y_object), dy(op, "dy", dy_object);
  return dispatch(common_dtype(y, dy), [&](auto scalar) {
    using T = decltype(scalar);
    Output<T> dx = output<T>(op, y.shape());
    without_gil(dx.view.size(), [&] { f(y.view<T>(), dy.view<T>(), dx.view); });
    return dx.array;
  });
}

}  // namespace

void register_softmax(py::module_& m) {
  m.def("softmax_forward", [](py::handle x, Index axis) -> py::object {
    return forward("softmax", x, [&](const auto& from, auto& y) { softmax_forward(from, axis, y); });
  });
  m.def("softmax_backward", [](py::handle y, py::handle dy, Index axis) -> py::object {
    return backward("softmax", y, dy, [&](const auto& from, const auto& upstream, auto& dx) {
      softmax_backward(from, upstream, axis, dx);
    });
  });
  m.def("log_softmax_forward", [](py::handle x, Index axis) -> py::object {
    return forward("log_softmax", x, [&](const auto& from, auto& y) { log_softmax_forward(from, axis, y); });
  });
  m.def("log_softmax_backward", [](py::handle y, py::handle dy, Index axis) -> py::object {
    return backward("log_softmax", y, dy, [&](const auto& from, const auto& upstream, auto& dx) {
      log_softmax_backward(from, upstream, axis, dx);
    });
  });
}

}  // namespace fastnn::bindings
