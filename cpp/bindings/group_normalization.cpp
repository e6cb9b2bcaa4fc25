#include "fastnn/ops/group_normalization.h"

#include "array.h"
#include "bindings.h"
#include "optional.h"

namespace fastnn::bindings {
namespace {

py::tuple forward(const std::string& op_, py::handle x_, Index axis, Index groups, bool by_sample,
                  py::handle scale_, py::handle offset_, double epsilon) {
  const char* op = op_.c_str();
  Input x(op, "x", x_);
  Optional scale(op, "scale", scale_), offset(op, "offset", offset_);
  const Grouping grouping{axis, groups, by_sample};
  const Dims shape = group_shape(op, x.shape(), grouping);
  return dispatch(common_dtype(x, scale, offset), [&](auto zero) {
    using T = decltype(zero);
    Output<T> y = output<T>(op, x.shape()), mean = output<T>(op, shape), variance = output<T>(op, shape);
    without_gil(x.size(), [&] {
      View<const T> a, b;
      group_normalization_forward(op, x.view<T>(), grouping, scale.view(a), offset.view(b), epsilon, y.view,
                                  mean.view, variance.view);
    });
    return py::make_tuple(y.array, mean.array, variance.array);
  });
}

py::object apply(const std::string& op_, py::handle x_, Index axis, Index groups, bool by_sample,
                 py::handle mean_, py::handle variance_, py::handle scale_, py::handle offset_,
                 double epsilon) {
  const char* op = op_.c_str();
  Input x(op, "x", x_), mean(op, "mean", mean_), variance(op, "variance", variance_);
  Optional scale(op, "scale", scale_), offset(op, "offset", offset_);
  const Grouping grouping{axis, groups, by_sample};
  return dispatch(common_dtype(x, mean, variance, scale, offset), [&](auto zero) -> py::object {
    using T = decltype(zero);
    Output<T> y = output<T>(op, x.shape());
    without_gil(x.size(), [&] {
      View<const T> a, b;
      group_normalization_apply(op, x.view<T>(), grouping, mean.view<T>(), variance.view<T>(), scale.view(a),
                                offset.view(b), epsilon, y.view);
    });
    return y.array;
  });
}

py::tuple backward(const std::string& op_, py::handle x_, py::handle dy_, Index axis, Index groups,
                   bool by_sample, py::handle mean_, py::handle variance_, py::handle scale_, double epsilon,
                   bool through, bool need_dx) {
  const char* op = op_.c_str();
  Input x(op, "x", x_), dy(op, "dy", dy_), mean(op, "mean", mean_), variance(op, "variance", variance_);
  Optional scale(op, "scale", scale_);
  const Grouping grouping{axis, groups, by_sample};
  group_shape(op, x.shape(), grouping);
  const int ndim = static_cast<int>(x.shape().size());
  const Dims channels = {x.shape()[static_cast<int>(axis < 0 ? axis + ndim : axis)]};
  return dispatch(common_dtype(x, dy, mean, variance, scale), [&](auto zero) {
    using T = decltype(zero);
    std::optional<Output<T>> dx;
    if (need_dx) dx = output<T>(op, x.shape());
    Output<T> dscale = output<T>(op, channels), doffset = output<T>(op, channels);
    without_gil(x.size(), [&] {
      View<const T> a;
      group_normalization_backward(op, x.view<T>(), dy.view<T>(), grouping, mean.view<T>(),
                                   variance.view<T>(), scale.view(a), epsilon, through,
                                   dx ? &dx->view : nullptr, dscale.view, doffset.view);
    });
    return py::make_tuple(dx ? py::object(dx->array) : py::none(), dscale.array, doffset.array);
  });
}

}  // namespace

void register_group_normalization(py::module_& m) {
  m.def("group_normalization_forward", &forward);
  m.def("group_normalization_apply", &apply);
  m.def("group_normalization_backward", &backward);
}

}  // namespace fastnn::bindings
