#include "fastnn/ops/layer_normalization.h"

#include "array.h"
#include "bindings.h"
#include "fastnn/core/check.h"
#include "optional.h"

namespace fastnn::bindings {
namespace {

/// One number for each sample.
Dims samples(const Dims& x, int dimensions) {
  Dims shape = x;
  for (int i = 0; i < dimensions && shape.size() > 0; ++i) shape.pop_back();
  return shape;
}
Dims normalised(const Dims& x, int dimensions) {
  Dims shape;
  for (int i = std::max(0, x.size() - dimensions); i < x.size(); ++i) shape.push_back(x[i]);
  return shape;
}

/// Gives y, mean (None unless centred) and 1 / sqrt(variance + epsilon).
py::tuple forward(const std::string& op_, py::handle x_, int dimensions, py::handle scale_,
                  py::handle offset_, double epsilon, bool centred) {
  const char* op = op_.c_str();
  Input x(op, "x", x_);
  Optional scale(op, "scale", scale_), offset(op, "offset", offset_);
  return dispatch(common_dtype(x, scale, offset), [&](auto zero) {
    using T = decltype(zero);
    const Dims shape = samples(x.shape(), dimensions);
    Output<T> y = output<T>(op, x.shape()), inverse = output<T>(op, shape);
    std::optional<Output<T>> mean;
    if (centred) mean = output<T>(op, shape);
    without_gil(x.size(), [&] {
      View<const T> a, b;
      layer_normalization_forward(op, x.view<T>(), dimensions, scale.view(a), offset.view(b), epsilon, y.view,
                                  mean ? mean->view.data : nullptr, inverse.view.data);
    });
    return py::make_tuple(y.array, mean ? py::object(mean->array) : py::none(), inverse.array);
  });
}

py::tuple backward(const std::string& op_, py::handle x_, py::handle dy_, int dimensions, py::handle scale_,
                   py::handle mean_, py::handle inverse_, bool need_dx, bool need_dscale, bool need_doffset) {
  const char* op = op_.c_str();
  Input x(op, "x", x_), dy(op, "dy", dy_), inverse(op, "inverse", inverse_);
  Optional scale(op, "scale", scale_), mean(op, "mean", mean_);
  return dispatch(common_dtype(x, dy, inverse, scale, mean), [&](auto zero) {
    using T = decltype(zero);
    const View<const T> inverses = inverse.view<T>();
    View<const T> a, b;
    const View<const T>* means = mean.view(b);
    const Dims shape = samples(x.shape(), dimensions), line = normalised(x.shape(), dimensions);
    for (const View<const T>* kept : {&inverses, means}) {
      if (kept == nullptr) continue;
      check_shape(op, "mean", kept->shape, shape);
      check(kept->is_contiguous(), op, "mean must be that of the forward call");
    }
    std::optional<Output<T>> dx, dscale, doffset;
    if (need_dx) dx = output<T>(op, x.shape());
    if (need_dscale) dscale = output<T>(op, line);
    if (need_doffset) doffset = output<T>(op, line);
    without_gil(x.size(), [&] {
      layer_normalization_backward(op, x.view<T>(), dy.view<T>(), dimensions, scale.view(a),
                                   means == nullptr ? nullptr : means->data, inverses.data,
                                   dx ? &dx->view : nullptr, dscale ? &dscale->view : nullptr,
                                   doffset ? &doffset->view : nullptr);
    });
    const auto result = [](const auto& out) { return out ? py::object(out->array) : py::none(); };
    return py::make_tuple(result(dx), result(dscale), result(doffset));
  });
}

}  // namespace

void register_layer_normalization(py::module_& m) {
  m.def("layer_normalization_forward", &forward);
  m.def("layer_normalization_backward", &backward);
}

}  // namespace fastnn::bindings
