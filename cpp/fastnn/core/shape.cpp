#include "fastnn/core/shape.h"

#include <algorithm>
#include <cstdlib>

namespace fastnn {

Dims broadcast_shape(const char* op, const Dims& a, const Dims& b) {
  Dims shape = a.size() >= b.size() ? a : b;
  for (int i = 1; i <= std::min(a.size(), b.size()); ++i) {
    const Index m = a[a.size() - i];
    const Index n = b[b.size() - i];
    check(m == n || m == 1 || n == 1, op, "shapes must broadcast; received ", a, " and ", b);
    shape[shape.size() - i] = m == 1 ? n : m;
  }
  return shape;
}

namespace {

enum class Order { c, f, either };

/// In which order the operands walk dimensions `outer` and `inner`.
Order order_of(int outer, int inner, const Dims* strides, int operands) {
  Order order = Order::either;
  for (int k = 0; k < operands; ++k) {
    const Index step = std::abs(strides[k][inner]);
    const Index outer_step = std::abs(strides[k][outer]);
    if (step == 0 || outer_step == 0) continue;
    if (step <= outer_step) return Order::c;
    order = Order::f;
  }
  return order;
}

}  // namespace

Dims strides_like(const Dims& shape, const Dims* strides, int operands) {
  const int ndim = shape.size();
  int order[kMaxDims];  // from the innermost in memory
  for (int i = 0; i < ndim; ++i) {
    const int dim = ndim - 1 - i;
    int place = i;
    for (int j = i - 1; j >= 0; --j) {
      const Order wanted = order_of(dim, order[j], strides, operands);
      if (wanted == Order::c) break;
      if (wanted == Order::f) place = j;
    }
    std::copy_backward(order + place, order + i, order + i + 1);
    order[place] = dim;
  }
  Dims result = shape;
  Index step = 1;
  for (int i = 0; i < ndim; ++i) {
    result[order[i]] = step;
    step *= shape[order[i]];
  }
  return result;
}

void collapse(Dims& shape, Dims* strides, int operands) {
  int last = -1;  // the collapsed dimension being built
  for (int i = 0; i < shape.size(); ++i) {
    if (shape[i] == 1) continue;
    bool merge = last >= 0;
    for (int k = 0; merge && k < operands; ++k) {
      merge = strides[k][last] == strides[k][i] * shape[i];
    }
    if (merge) {
      shape[last] *= shape[i];
    } else {
      shape[++last] = shape[i];
    }
    for (int k = 0; k < operands; ++k) strides[k][last] = strides[k][i];
  }
  while (shape.size() > last + 1) {
    shape.pop_back();
    for (int k = 0; k < operands; ++k) strides[k].pop_back();
  }
}

}  // namespace fastnn
