#include "fastnn/ops/softmax.h"

#include "array.h"
#include "bindings.h"

namespace fastnn::bindings {

void register_softmax(py::module_& m) {
  m.def("softmax_forward", [](py::handle x_object, Index axis) -> py::object {
    const Input x("softmax", "x", x_object);
    return dispatch(x.dtype(), [&](auto scalar) {
      using T = decltype(scalar);
      Output<T> y = output<T>("softmax", x.shape());
      without_gil(x.size(), [&] { softmax_forward(x.view<T>(), axis, y.view); });
      return y.array;
    });
  });
  m.def("softmax_backward", [](py::handle y_object, py::handle dy_object, Index axis) -> py::object {
    Input y("softmax", "y", y_object), dy("softmax", "dy", dy_object);
    return dispatch(common_dtype(y, dy), [&](auto scalar) {
      using T = decltype(scalar);
      Output<T> dx = output<T>("softmax", y.shape());
      without_gil(y.size(), [&] { softmax_backward(y.view<T>(), dy.view<T>(), axis, dx.view); });
      return dx.array;
    });
  });
}

}  // namespace fastnn::bindings
