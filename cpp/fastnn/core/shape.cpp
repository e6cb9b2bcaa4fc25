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

Dims strides_like(const Dims& shape, const Dims& strides) {
  int order[kMaxDims];  // from the outermost in memory
  for (int i = 0; i < shape.size(); ++i) {
    int j = i;
    for (; j > 0; --j) {
      const Index before = std::abs(strides[order[j - 1]]);
      const Index stride = std::abs(strides[i]);
      if (before == 0 || stride == 0 || before >= stride) break;
      order[j] = order[j - 1];
    }
    order[j] = i;
  }
  Dims result = shape;
  Index step = 1;
  for (int i = shape.size() - 1; i >= 0; --i) {
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
