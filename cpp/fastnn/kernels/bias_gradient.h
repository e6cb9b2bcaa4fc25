// What comes before the products of a layer's backward: through the activation, and the bias's gradient.
#pragma once

#include <algorithm>

#include "fastnn/core/buffer.h"
#include "fastnn/core/parallel.h"
#include "fastnn/kernels/activation.h"

namespace fastnn {

/// dz = dy act'(z), and the sum of its rows: of blocks of rows first, then of the blocks in their order.
template <class T>
void activation_and_bias(Activation activation, Index rows, Index columns, const T* y, const T* dy, T* dz,
                         T* dbias) {
  if (rows == 0 || columns == 0) {
    if (dbias != nullptr) std::fill_n(dbias, columns, T(0));
    return;
  }
  const Index grain = std::max<Index>(8192 / columns, 1), blocks = (rows + grain - 1) / grain;
  Buffer<T> sums(dbias != nullptr ? blocks * columns : 0);
  parallel_for(rows, grain, [&](Index begin, Index end) {
    T* sum = sums.data() + begin / grain * columns;
    if (dbias != nullptr) std::fill_n(sum, columns, T(0));
    for (Index i = begin * columns; i < end * columns; i += columns) {
      if (activation != Activation::linear) activation_backward(activation, columns, y + i, dy + i, dz + i);
      const T* line = activation != Activation::linear ? dz + i : dy + i;
      if (dbias != nullptr) {
        for (Index j = 0; j < columns; ++j) sum[j] += line[j];
      }
    }
  });
  if (dbias == nullptr) return;
  std::copy_n(sums.data(), columns, dbias);
  for (Index i = 1; i < blocks; ++i) {
    for (Index j = 0; j < columns; ++j) dbias[j] += sums[i * columns + j];
  }
}

}  // namespace fastnn
