#include "fastnn/core/shape.h"

#include <algorithm>

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
