// The matmul kernel: c = activation(a b + bias).
#pragma once

#include "fastnn/core/view.h"
#include "fastnn/kernels/activation.h"

namespace fastnn {

/// What happens to a finished tile of c while it is still in registers.
template <class T>
struct Epilogue {
  const T* bias = nullptr;  // one value per column, or none
  Activation activation = Activation::linear;
};

/// a is m x k, b is k x n, each with any row and column stride (in elements, also 0 and negative);
/// c is m x n with unit column stride, is only written, and overlaps neither operand. Checks nothing.
/// The order of addition depends on the sizes, and on which strides are 1, but never on threads: same bits at
/// any thread count.
template <class T>
void gemm(Index m, Index n, Index k, const T* a, Index a_row, Index a_col, const T* b, Index b_row,
          Index b_col, T* c, Index c_row, const Epilogue<T>& epilogue = {});

}  // namespace fastnn
