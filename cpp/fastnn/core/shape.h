// NumPy's broadcasting rules, and the collapsing of dimensions that lets kernels see few, long loops.
#pragma once

#include "fastnn/core/check.h"
#include "fastnn/core/view.h"

namespace fastnn {

/// The shape that `a` and `b` broadcast to; refuses shapes that do not fit, naming both.
Dims broadcast_shape(const char* op, const Dims& a, const Dims& b);

/// `x` seen in `shape`: repeated dimensions get stride 0. `shape` must be one that x broadcasts to.
template <class T>
View<T> broadcast_to(const View<T>& x, const Dims& shape) {
  View<T> y(x.data, shape, shape);
  const int offset = shape.size() - x.ndim();
  for (int i = 0; i < shape.size(); ++i) {
    const int j = i - offset;
    y.strides[i] = j < 0 || x.shape[j] == 1 ? 0 : x.strides[j];
  }
  return y;
}

/// Strides of a new array without gaps that lies in memory as the operands do (NumPy's order "K"): the result
/// of transposed arrays is transposed, and all are walked in one go. `strides` has one list per operand, seen
/// in `shape`; where they disagree, C order wins.
Dims strides_like(const Dims& shape, const Dims* strides, int operands);

/// Drops dimensions of size 1 and merges neighbours that every operand walks through in one step.
/// `shape` and all of `strides` (one list per operand) are rewritten in place.
void collapse(Dims& shape, Dims* strides, int operands);

}  // namespace fastnn
