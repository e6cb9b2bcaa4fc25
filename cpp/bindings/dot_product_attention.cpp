#include "fastnn/ops/dot_product_attention.h"

#include <algorithm>
#include <string>

#include "array.h"

namespace fastnn::bindings {
namespace {

constexpr const char* kOp = "dot_product_attention";

/// The arguments of both ways, in one type.
struct Arguments {
  Input query, key, value;
  std::optional<Input> bias;
  std::optional<View<const bool>> mask;
  py::object mask_array;

  Arguments(py::handle query_, py::handle key_, py::handle value_, py::handle bias_, py::handle mask_)
      : query(kOp, "query", query_), key(kOp, "key", key_), value(kOp, "value", value_) {
    if (!bias_.is_none()) bias.emplace(kOp, "bias", bias_);
    if (mask_.is_none()) return;
    mask_array = py::reinterpret_borrow<py::object>(mask_);
    mask = plain_view<const bool>(mask_array);
    if (!mask) throw py::type_error(std::string("[") + kOp + "] mask must be an array of booleans");
  }
  DType dtype() { return bias ? common_dtype(query, key, value, *bias) : common_dtype(query, key, value); }
  /// The multiplications, counted as the elements of simpler functions that take as long.
  Index work() const {
    constexpr Index many = 1 << 20;  // no product of two can overflow
    const Index keys = key.shape().size() == 4 ? key.shape()[1] : 1;
    return std::min(query.size(), many) * std::min(keys, many) / 8;
  }
  /// Calls f with the typed form.
  template <class T, class F>
  void with(double scale, bool causal, F f) const {
    View<const T> line;
    if (bias) line = bias->view<T>();
    f(Attention<T>{query.view<T>(), key.view<T>(), value.view<T>(), bias ? &line : nullptr,
                   mask ? &*mask : nullptr, static_cast<T>(scale), causal});
  }
};

py::tuple forward(py::handle query, py::handle key, py::handle value, py::handle bias, py::handle mask,
                  double scale, bool causal) {
  Arguments x(query, key, value, bias, mask);
  return dispatch(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const Dims shape = attention_shape(x.query.shape(), x.key.shape(), x.value.shape());
    const Output<T> y = output<T>(kOp, shape);
    const Output<T> rows = output<T>(kOp, {shape[0], shape[2], shape[1], 2});
    without_gil(x.work(), [&] {
      x.with<T>(scale, causal, [&](const Attention<T>& a) { attention_forward(a, y.view, rows.view); });
    });
    return py::make_tuple(y.array, rows.array);
  });
}

py::tuple backward(py::handle query, py::handle key, py::handle value, py::handle bias, py::handle mask,
                   double scale, bool causal, py::handle y_, py::handle rows_, py::handle dy_,
                   bool need_query, bool need_key, bool need_value, bool need_scores) {
  Arguments x(query, key, value, bias, mask);
  const DType dtype = x.dtype();
  const Input y(kOp, "y", y_, dtype), rows(kOp, "rows", rows_, dtype), dy(kOp, "dy", dy_, dtype);
  return dispatch(dtype, [&](auto zero) {
    using T = decltype(zero);
    const Dims shape = attention_shape(x.query.shape(), x.key.shape(), x.value.shape());
    const auto made = [](bool needed, const Dims& like) {
      return needed ? std::optional(output<T>(kOp, like)) : std::nullopt;
    };
    const auto dquery = made(need_query, x.query.shape()), dkey = made(need_key, x.key.shape()),
               dvalue = made(need_value, x.value.shape()),
               dscores = made(need_scores, {shape[0], shape[2], shape[1], x.key.shape()[1]});
    const auto view = [](const std::optional<Output<T>>& out) { return out ? &out->view : nullptr; };
    without_gil(x.work(), [&] {
      x.with<T>(scale, causal, [&](const Attention<T>& a) {
        attention_backward<T>(a, y.view<T>(), rows.view<T>(), dy.view<T>(),
                              {view(dquery), view(dkey), view(dvalue), view(dscores)});
      });
    });
    const auto result = [](const std::optional<Output<T>>& out) -> py::object {
      return out ? py::object(out->array) : py::none();
    };
    return py::make_tuple(result(dquery), result(dkey), result(dvalue), result(dscores));
  });
}

}  // namespace

void register_dot_product_attention(py::module_& m) {
  m.def("dot_product_attention_forward", &forward);
  m.def("dot_product_attention_backward", &backward);
}

}  // namespace fastnn::bindings
