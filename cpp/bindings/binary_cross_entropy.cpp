#include "fastnn/ops/binary_cross_entropy.h"

#include "array.h"

namespace fastnn::bindings {
namespace {

constexpr const char* kOp = "binary_crossentropy";

py::object forward(py::handle target_object, py::handle prediction_object, bool from_logits) {
  const Input prediction(kOp, "output", prediction_object);
  const Input target(kOp, "target", target_object, prediction.dtype());
  return dispatch(prediction.dtype(), [&](auto scalar) {
    using T = decltype(scalar);
    Output<T> losses = output<T>(kOp, sample_shape(kOp, prediction.shape()));
    without_gil(prediction.size(), [&] {
      binary_crossentropy_forward(target.view<T>(), prediction.view<T>(), from_logits, losses.view);
    });
    return losses.array;
  });
}

py::object backward(py::handle target_object, py::handle prediction_object, py::handle dy_object,
                    bool from_logits) {
  const Input prediction(kOp, "output", prediction_object);
  const Input target(kOp, "target", target_object, prediction.dtype());
  const Input dy(kOp, "dy", dy_object, prediction.dtype());
  return dispatch(prediction.dtype(), [&](auto scalar) {
    using T = decltype(scalar);
    Output<T> dx = output<T>(kOp, prediction.shape());
    without_gil(prediction.size(), [&] {
      binary_crossentropy_backward(target.view<T>(), prediction.view<T>(), dy.view<T>(), from_logits,
                                   dx.view);
    });
    return dx.array;
  });
}

}  // namespace

void register_binary_cross_entropy(py::module_& m) {
  m.def("binary_crossentropy_forward", &forward);
  m.def("binary_crossentropy_backward", &backward);
}

}  // namespace fastnn::bindings
