#include "fastnn/ops/reduction.h"

#include "fastnn/core/shape.h"
#include "fastnn/kernels/reduce.h"

namespace fastnn {

Index check_reduced(const char* op, const Dims& x, const Dims& out) {
  bool fits = x.size() == out.size();
  Index terms = 1;
  for (int i = 0; fits && i < x.size(); ++i) {
    fits = out[i] == x[i] || out[i] == 1;
    if (out[i] != x[i]) terms *= x[i];
  }
  check(fits, op, "out.shape must be x.shape with reduced dimensions of size 1; received x ", x, ", out ",
        out);
  return terms;
}

void check_terms(const char* op, const Dims& x, const Dims& out) {
  if (check_reduced(op, x, out) > 0) return;
  for (const Index n : out) {
    if (n == 0) return;
  }
  fail(op, "no elements to reduce: x has shape ", x);
}

Dims reduced_shape(const char* op, const Dims& shape, const Dims* axes) {
  Dims reduced = shape;
  if (axes == nullptr) {
    for (int i = 0; i < shape.size(); ++i) reduced[i] = 1;
    return reduced;
  }
  bool seen[kMaxDims] = {};
  for (const Index value : *axes) {
    const int axis = checked_axis(op, value, shape.size());
    check(!seen[axis], op, "axis must not repeat a dimension; received ", *axes);
    seen[axis] = true;
    reduced[axis] = 1;
  }
  return reduced;
}

template <class T>
void sum(const View<const T>& x, const View<T>& out) {
  check_reduced("sum", x.shape, out.shape);
  reduce<SumFold<T>>(x, out, Same{});
}

template <class T>
void mean(const View<const T>& x, const View<T>& out) {
  const auto terms = static_cast<double>(check_reduced("mean", x.shape, out.shape));
  reduce<SumFold<T>>(x, out, [=](auto sum) { return sum / terms; });
}

template <class T>
void prod(const View<const T>& x, const View<T>& out) {
  check_reduced("prod", x.shape, out.shape);
  reduce<ProductFold<T>>(x, out, Same{});
}

template <class T>
void max(const View<const T>& x, const View<T>& out) {
  check_terms("max", x.shape, out.shape);
  reduce<ExtremumFold<T, 1>>(x, out, [](const auto& s) { return s.result(); });
}

template <class T>
void min(const View<const T>& x, const View<T>& out) {
  check_terms("min", x.shape, out.shape);
  reduce<ExtremumFold<T, -1>>(x, out, [](const auto& s) { return s.result(); });
}

template <class T>
void any(const View<const T>& x, const View<bool>& out) {
  check_reduced("any", x.shape, out.shape);
  reduce<TruthFold<T, false>>(x, out, Same{});
}

template <class T>
void all(const View<const T>& x, const View<bool>& out) {
  check_reduced("all", x.shape, out.shape);
  reduce<TruthFold<T, true>>(x, out, Same{});
}

template <class T>
void sum_to(const View<const T>& x, const View<T>& out) {
  check(broadcast_shape("sum_to", x.shape, out.shape) == x.shape, "sum_to",
        "out.shape must broadcast to x.shape; received x ", x.shape, ", out ", out.shape);
  View<T> same(out.data, x.shape, x.shape);  // out with leading dimensions of size 1
  const int leading = x.ndim() - out.ndim();
  for (int i = 0; i < x.ndim(); ++i) {
    same.shape[i] = i < leading ? 1 : out.shape[i - leading];
    same.strides[i] = i < leading ? 0 : out.strides[i - leading];
  }
  reduce<SumFold<T>>(x, same, Same{});
}

#define FASTNN_INSTANTIATE(T)                                 \
  template void sum(const View<const T>&, const View<T>&);    \
  template void mean(const View<const T>&, const View<T>&);   \
  template void prod(const View<const T>&, const View<T>&);   \
  template void max(const View<const T>&, const View<T>&);    \
  template void min(const View<const T>&, const View<T>&);    \
  template void any(const View<const T>&, const View<bool>&); \
  template void all(const View<const T>&, const View<bool>&); \
  template void sum_to(const View<const T>&, const View<T>&);
FASTNN_INSTANTIATE(float)
FASTNN_INSTANTIATE(double)
#undef FASTNN_INSTANTIATE

}  // namespace fastnn
