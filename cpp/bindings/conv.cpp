#include "fastnn/ops/conv.h"

#include <algorithm>

#include "array.h"
#include "fastnn/core/check.h"
#include "fastnn/ops/dense.h"

namespace fastnn::bindings {
namespace {

/// How the kernel moves, as Python says it.
struct Moves {
  py::object strides, padding, dilation;
  bool channels_first;
};

/// One value for all spatial dimensions, or one for each.
Dims steps(const char* op, const py::object& values, int spatial) {
  Dims dims = to_dims(op, values);
  if (dims.size() == 1) {
    while (dims.size() < spatial) dims.push_back(dims[0]);
  }
  return dims;
}

/// Padding is a name, or a pair of numbers of zeros for each spatial dimension.
Convolution convolution_of(const char* op, const Moves& moves, const Dims& x, const Dims& kernel) {
  Convolution c;
  c.channels_first = moves.channels_first;
  c.strides = steps(op, moves.strides, x.size() - 2);
  c.dilation = steps(op, moves.dilation, x.size() - 2);
  if (py::isinstance<py::str>(moves.padding)) {
    set_padding(op, py::cast<std::string>(moves.padding), x, kernel, c);
    return c;
  }
  for (const py::handle pair : py::cast<py::sequence>(moves.padding)) {
    const Dims zeros = to_dims(op, pair);
    check(zeros.size() == 2 && c.before.size() < kMaxDims, op,
          "padding must be 'valid', 'same' or one pair of values per spatial dimension");
    c.before.push_back(zeros[0]);
    c.after.push_back(zeros[1]);
  }
  return c;
}

/// The multiplications, counted as the elements of simpler functions that take as long.
Index work(const Dims& y, const Dims& kernel) {
  Index n = 1;
  for (const Dims& dims : {y, kernel}) {
    for (const Index size : dims) n = std::min(n * std::min(size, Index{1} << 20), Index{1} << 20);
  }
  return n / 16;
}

py::object forward(py::handle x_, py::handle kernel_, py::handle bias_, const std::string& activation_,
                   const py::object& strides, const py::object& padding, const py::object& dilation,
                   bool channels_first) {
  const char* op = "conv";
  const Activation activation = activation_named(op, activation_);
  Input x(op, "inputs", x_), kernel(op, "kernel", kernel_);
  std::optional<Input> bias;
  if (!bias_.is_none()) bias.emplace(op, "bias", bias_);
  const Convolution c =
      convolution_of(op, {strides, padding, dilation, channels_first}, x.shape(), kernel.shape());
  return dispatch(
      bias ? common_dtype(x, kernel, *bias) : common_dtype(x, kernel), [&](auto zero) -> py::object {
        using T = decltype(zero);
        auto y = output<T>(op, conv_shape(op, x.shape(), kernel.shape(), c));
        without_gil(work(y.view.shape, kernel.shape()), [&] {
          View<const T> line;
          if (bias) line = bias->view<T>();
          conv_forward(op, x.view<T>(), kernel.view<T>(), bias ? &line : nullptr, activation, c, y.view);
        });
        return y.array;
      });
}

py::tuple backward(py::handle x_, py::handle kernel_, py::handle y_, py::handle dy_,
                   const std::string& activation_, const py::object& strides, const py::object& padding,
                   const py::object& dilation, bool channels_first, bool need_dx, bool need_dkernel,
                   bool need_dbias) {
  const char* op = "conv";
  const Activation activation = activation_named(op, activation_);
  Input x(op, "inputs", x_), kernel(op, "kernel", kernel_), y(op, "y", y_), dy(op, "dy", dy_);
  const Convolution c =
      convolution_of(op, {strides, padding, dilation, channels_first}, x.shape(), kernel.shape());
  return dispatch(common_dtype(x, kernel, y, dy), [&](auto zero) {
    using T = decltype(zero);
    std::optional<Output<T>> dx, dkernel, dbias;
    conv_shape(op, x.shape(), kernel.shape(), c);  // refuses before there are outputs
    if (need_dx) dx = output<T>(op, x.shape());
    if (need_dkernel) dkernel = output<T>(op, kernel.shape());
    if (need_dbias) dbias = output<T>(op, {kernel.shape().back()});
    without_gil(work(y.shape(), kernel.shape()), [&] {
      conv_backward(op, x.view<T>(), kernel.view<T>(), y.view<T>(), dy.view<T>(), activation, c,
                    dx ? &dx->view : nullptr, dkernel ? &dkernel->view : nullptr,
                    dbias ? &dbias->view : nullptr);
    });
    const auto result = [](const auto& out) -> py::object {
      return out ? py::object(out->array) : py::none();
    };
    return py::make_tuple(result(dx), result(dkernel), result(dbias));
  });
}

py::object input_gradient(py::handle dy_, py::handle kernel_, py::handle x_shape, const py::object& strides,
                          const py::object& padding, const py::object& dilation, bool channels_first) {
  const char* op = "conv";
  Input dy(op, "dy", dy_), kernel(op, "kernel", kernel_);
  const Dims x = to_dims(op, x_shape);
  const Convolution c = convolution_of(op, {strides, padding, dilation, channels_first}, x, kernel.shape());
  conv_shape(op, x, kernel.shape(), c);
  return dispatch(common_dtype(dy, kernel), [&](auto zero) -> py::object {
    using T = decltype(zero);
    auto dx = output<T>(op, x);
    without_gil(work(dy.shape(), kernel.shape()),
                [&] { conv_input_gradient(op, dy.view<T>(), kernel.view<T>(), c, dx.view); });
    return dx.array;
  });
}

py::object kernel_gradient(py::handle x_, py::handle dy_, py::handle kernel_shape, const py::object& strides,
                           const py::object& padding, const py::object& dilation, bool channels_first) {
  const char* op = "conv";
  Input x(op, "inputs", x_), dy(op, "dy", dy_);
  const Dims kernel = to_dims(op, kernel_shape);
  const Convolution c = convolution_of(op, {strides, padding, dilation, channels_first}, x.shape(), kernel);
  conv_shape(op, x.shape(), kernel, c);
  return dispatch(common_dtype(x, dy), [&](auto zero) -> py::object {
    using T = decltype(zero);
    auto dkernel = output<T>(op, kernel);
    without_gil(work(dy.shape(), kernel),
                [&] { conv_kernel_gradient(op, x.view<T>(), dy.view<T>(), c, dkernel.view); });
    return dkernel.array;
  });
}

}  // namespace

void register_conv(py::module_& m) {
  m.def("conv_forward", &forward);
  m.def("conv_backward", &backward);
  m.def("conv_input_gradient", &input_gradient);
  m.def("conv_kernel_gradient", &kernel_gradient);
}

}  // namespace fastnn::bindings
