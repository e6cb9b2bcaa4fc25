#include "fastnn/ops/dense.h"

#include <algorithm>

#include "array.h"

namespace fastnn::bindings {
namespace {

/// The multiplications, counted as the elements of simpler functions that take as long.
Index work(const Input& x, const Input& kernel) {
  constexpr Index many = 1 << 20;  // no product of two can overflow
  return std::min(x.size(), many) * std::min(kernel.shape().back(), many) / 16;
}

py::object forward(py::handle x_, py::handle kernel_, py::handle bias_, const std::string& activation_) {
  const Activation activation = activation_named("dense", activation_);
  Input x("dense", "x", x_), kernel("dense", "kernel", kernel_);
  std::optional<Input> bias;
  if (!bias_.is_none()) bias.emplace("dense", "bias", bias_);
  return dispatch(
      bias ? common_dtype(x, kernel, *bias) : common_dtype(x, kernel), [&](auto zero) -> py::object {
        using T = decltype(zero);
        auto y = output<T>("dense", dense_shape(x.shape(), kernel.shape()));
        without_gil(work(x, kernel), [&] {
          View<const T> line;
          if (bias) line = bias->view<T>();
          dense_forward(x.view<T>(), kernel.view<T>(), bias ? &line : nullptr, activation, y.view);
        });
        return y.array;
      });
}

py::tuple backward(py::handle x_, py::handle kernel_, py::handle y_, py::handle dy_,
                   const std::string& activation_, bool need_dx, bool need_dkernel, bool need_dbias) {
  const Activation activation = activation_named("dense", activation_);
  Input x("dense", "x", x_), kernel("dense", "kernel", kernel_), y("dense", "y", y_), dy("dense", "dy", dy_);
  return dispatch(common_dtype(x, kernel, y, dy), [&](auto zero) {
    using T = decltype(zero);
    const Index units = dense_shape(x.shape(), kernel.shape()).back();
    std::optional<Output<T>> dx, dkernel, dbias;
    if (need_dx) dx = output<T>("dense", x.shape());
    if (need_dkernel) dkernel = output<T>("dense", kernel.shape());
    if (need_dbias) dbias = output<T>("dense", {units});
    without_gil(work(x, kernel), [&] {
      dense_backward(x.view<T>(), kernel.view<T>(), y.view<T>(), dy.view<T>(), activation,
                     dx ? &dx->view : nullptr, dkernel ? &dkernel->view : nullptr,
                     dbias ? &dbias->view : nullptr);
    });
    const auto result = [](const auto& out) -> py::object {
      return out ? py::object(out->array) : py::none();
    };
    return py::make_tuple(result(dx), result(dkernel), result(dbias));
  });
}

}  // namespace

void register_dense(py::module_& m) {
  m.def("dense_forward", &forward);
  m.def("dense_backward", &backward);
}

}  // namespace fastnn::bindings
