#include "fastnn/ops/dropout.h"

#include "array.h"

namespace fastnn::bindings {
namespace {

py::tuple forward(py::handle x_, double rate, std::uint64_t seed, std::uint64_t stream) {
  const Input x("dropout", "inputs", x_);
  Output<std::int64_t> kept = output<std::int64_t>("dropout", {dropout_words(x.size())});
  return dispatch(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    Output<T> y = output<T>("dropout", x.shape());
    without_gil(x.size(), [&] { dropout_forward(x.view<T>(), rate, seed, stream, kept.view, y.view); });
    return py::make_tuple(y.array, kept.array);
  });
}

py::object backward(py::handle dy_, double rate, py::handle kept_) {
  const Input dy("dropout", "dy", dy_);
  const IndexInput kept("dropout", "kept", kept_);
  return dispatch(dy.dtype(), [&](auto zero) -> py::object {
    using T = decltype(zero);
    Output<T> dx = output<T>("dropout", dy.shape());
    without_gil(dy.size(), [&] { dropout_backward(dy.view<T>(), rate, kept.view(), dx.view); });
    return dx.array;
  });
}

}  // namespace

void register_dropout(py::module_& m) {
  m.def("dropout_forward", &forward);
  m.def("dropout_backward", &backward);
}

}  // namespace fastnn::bindings
