// A right factor that is packed once and used by many products: the kernel of a recurrent layer.
#pragma once

#include "fastnn/core/buffer.h"
#include "fastnn/core/view.h"

namespace fastnn {

/// b (k x n), of any strides, k >= 1 and n >= 1, in panels of columns as the register tile reads them.
template <class T>
class PackedRight {
 public:
  /// `rows`: how many rows the products have, or about so many: fewer make wider panels.
  PackedRight(Index k, Index n, const T* b, Index b_row, Index b_col, Index rows);

  /// c = a b + bias, or c += a b: a is m x k and c is m x n, both with unit column stride; bias has n values
  /// or is null. Large products use several threads. The order of addition is that of k: same bits at any
  /// thread count, and for any m.
  void multiply(Index m, const T* a, Index a_row, T* c, Index c_row, bool accumulate = false,
                const T* bias = nullptr) const;

 private:
  const T* panel(Index j) const { return const_cast<Buffer<T>&>(packed_).data() + j * width_ * k_; }

  Index k_, n_, width_;  // columns of a panel
  Buffer<T> packed_;
};

}  // namespace fastnn
