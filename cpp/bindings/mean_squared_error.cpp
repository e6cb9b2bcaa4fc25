#include "fastnn/ops/mean_squared_error.h"

#include "array.h"

namespace fastnn::bindings {
namespace {

constexpr const char* kOp = "mean_squared_error";

py::object forward(py::handle y_true_object, py::handle y_pred_object) {
  const Input y_pred(kOp, "y_pred", y_pred_object);
  const Input y_true(kOp, "y_true", y_true_object, y_pred.dtype());
  return dispatch(y_pred.dtype(), [&](auto scalar) {
    using T = decltype(scalar);
    Output<T> losses = output<T>(kOp, sample_shape(kOp, y_pred.shape()));
    without_gil(y_pred.size(),
                [&] { mean_squared_error_forward(y_true.view<T>(), y_pred.view<T>(), losses.view); });
    return losses.array;
  });
}

py::object backward(py::handle y_true_object, py::handle y_pred_object, py::handle dy_object) {
  const Input y_pred(kOp, "y_pred", y_pred_object);
  const Input y_true(kOp, "y_true", y_true_object, y_pred.dtype());
  const Input dy(kOp, "dy", dy_object, y_pred.dtype());
  return dispatch(y_pred.dtype(), [&](auto scalar) {
    using T = decltype(scalar);
    Output<T> dx = output<T>(kOp, y_pred.shape());
    without_gil(y_pred.size(), [&] {
      mean_squared_error_backward(y_true.view<T>(), y_pred.view<T>(), dy.view<T>(), dx.view);
    });
    return dx.array;
  });
}

}  // namespace

void register_mean_squared_error(py::module_& m) {
  m.def("mean_squared_error_forward", &forward);
  m.def("mean_squared_error_backward", &backward);
}

}  // namespace fastnn::bindings
