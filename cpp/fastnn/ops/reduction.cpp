#include "fastnn/ops/reduction.h"

#include "fastnn/core/shape.h"
#include "fastnn/kernels/reduce.h"

namespace fastnn {
namespace {

void check_reduced(const char* op, const Dims& x, const Dims& out) {
  bool fits = x.size() == out.size();
  for (int i = 0; fits && i < x.size(); ++i) fits = out[i] == x[i] || out[i] == 1;
  check(fits, op, "out.shape must be x.shape with summed dimensions of size 1; received x ", x, ", out ",
        out);
}

}  // namespace

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
  reduce_sum(x, 1, out);
}

template <class T>
void mean(const View<const T>& x, const View<T>& out) {
  check_reduced("mean", x.shape, out.shape);
  double terms = 1;
  for (int i = 0; i < x.ndim(); ++i) {
    if (out.shape[i] != x.shape[i]) terms *= static_cast<double>(x.shape[i]);
  }
  reduce_sum(x, terms, out);
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
  reduce_sum(x, 1, same);
}

#define FASTNN_INSTANTIATE(T)                               \
  template void sum(const View<const T>&, const View<T>&);  \
  template void mean(const View<const T>&, const View<T>&); \
  template void sum_to(const View<const T>&, const View<T>&);
FASTNN_INSTANTIATE(float)
FASTNN_INSTANTIATE(double)
#undef FASTNN_INSTANTIATE

}  // namespace fastnn
