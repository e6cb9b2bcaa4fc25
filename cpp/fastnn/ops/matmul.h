// Matrix product with NumPy's rules for 1-D, 2-D and stacks of matrices.
#pragma once

#include "fastnn/core/view.h"

namespace fastnn {

/// Shape of the product; refuses shapes that do not fit.
Dims matmul_shape(const Dims& a, const Dims& b);

/// y = a b. y is C-contiguous, of shape matmul_shape, and overlaps neither operand. The gradients are
/// products too: da = dy b^T, db = a^T dy.
template <class T>
void matmul_forward(View<const T> a, View<const T> b, const View<T>& y);

}  // namespace fastnn
