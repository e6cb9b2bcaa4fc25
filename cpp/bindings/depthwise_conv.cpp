#include "fastnn/ops/depthwise_conv.h"

#include "array.h"
#include "fastnn/core/check.h"
#include "fastnn/ops/dense.h"

namespace fastnn::bindings {
namespace {

constexpr const char* kOp = "depthwise_conv";

/// One integer for every spatial dimension, or a sequence of them; one too large for Index becomes the
/// largest.
Dims per_dimension(const char* name, py::handle value, int spatial) {
  const auto index = [&](py::handle item) {
    check(PyIndex_Check(item.ptr()), kOp, name, " must be an integer or a sequence of integers; received ",
          std::string(py::repr(value)));
    return PyNumber_AsSsize_t(item.ptr(), nullptr);
  };
  Dims dims;
  if (!PySequence_Check(value.ptr())) {
    for (int i = 0; i < spatial; ++i) dims.push_back(index(value));
    return dims;
  }
  for (const py::handle item : py::reinterpret_borrow<py::sequence>(value)) {
    if (dims.size() <= spatial) dims.push_back(index(item));  // one too many is enough for the refusal
  }
  return dims;
}

DepthwiseWindows windows(const Input& inputs, py::handle strides, const std::string& padding,
                         py::handle dilation_rate) {
  const int spatial = inputs.shape().size() - 2;
  return {per_dimension("strides", strides, spatial), per_dimension("dilation_rate", dilation_rate, spatial),
          padding};
}

py::object forward(py::handle inputs_, py::handle kernel_, py::handle bias_, py::handle strides,
                   const std::string& padding, py::handle dilation_rate, const std::string& activation_) {
  const Activation activation = activation_named(kOp, activation_);
  Input inputs(kOp, "inputs", inputs_), kernel(kOp, "kernel", kernel_);
  std::optional<Input> bias;
  if (!bias_.is_none()) bias.emplace(kOp, "bias", bias_);
  const DepthwiseWindows options = windows(inputs, strides, padding, dilation_rate);
  const DType dtype = bias ? common_dtype(inputs, kernel, *bias) : common_dtype(inputs, kernel);
  return dispatch(dtype, [&](auto zero) -> py::object {
    using T = decltype(zero);
    auto y = output<T>(kOp, depthwise_conv_shape(inputs.shape(), kernel.shape(), options));
    without_gil(y.view.size(), [&] {
      View<const T> line;
      if (bias) line = bias->view<T>();
      depthwise_conv_forward(inputs.view<T>(), kernel.view<T>(), bias ? &line : nullptr, options, activation,
                             y.view);
    });
    return y.array;
  });
}

py::tuple backward(py::handle inputs_, py::handle kernel_, py::handle y_, py::handle dy_, py::handle strides,
                   const std::string& padding, py::handle dilation_rate, const std::string& activation_,
                   bool need_dinputs, bool need_dkernel, bool need_dbias) {
  const Activation activation = activation_named(kOp, activation_);
  Input inputs(kOp, "inputs", inputs_), kernel(kOp, "kernel", kernel_), y(kOp, "y", y_), dy(kOp, "dy", dy_);
  const DepthwiseWindows options = windows(inputs, strides, padding, dilation_rate);
  return dispatch(common_dtype(inputs, kernel, y, dy), [&](auto zero) {
    using T = decltype(zero);
    const Index channels = depthwise_conv_shape(inputs.shape(), kernel.shape(), options).back();
    std::optional<Output<T>> dinputs, dkernel, dbias;
    if (need_dinputs) dinputs = output<T>(kOp, inputs.shape());
    if (need_dkernel) dkernel = output<T>(kOp, kernel.shape());
    if (need_dbias) dbias = output<T>(kOp, {channels});
    without_gil(inputs.size() + dy.size(), [&] {
      depthwise_conv_backward(inputs.view<T>(), kernel.view<T>(), y.view<T>(), dy.view<T>(), options,
                              activation, dinputs ? &dinputs->view : nullptr,
                              dkernel ? &dkernel->view : nullptr, dbias ? &dbias->view : nullptr);
    });
    const auto result = [](const auto& out) -> py::object {
      return out ? py::object(out->array) : py::none();
    };
    return py::make_tuple(result(dinputs), result(dkernel), result(dbias));
  });
}

}  // namespace

void register_depthwise_conv(py::module_& m) {
  m.def("depthwise_conv_forward", &forward);
  m.def("depthwise_conv_backward", &backward);
}

}  // namespace fastnn::bindings
