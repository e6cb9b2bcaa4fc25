// Copies of elements that strides scatter over memory to where they lie side by side.
#pragma once

#include "fastnn/kernels/transpose.h"

namespace fastnn {

namespace detail {
template <class T, class Step>
inline void copy_steps(const T* __restrict from, Step step, Index n, T* __restrict to) {
  for (Index i = 0; i < n; ++i) to[i] = from[i * step];
}
}  // namespace detail

/// to[i] = from[i step].
template <class T>
inline void copy_strided(const T* from, Index step, Index n, T* to) {
  // With a constant step the compiler makes vectors of it.
  if (step == 1) {
    detail::copy_steps(from, std::integral_constant<Index, 1>{}, n, to);
  } else if (step == 2) {
    detail::copy_steps(from, std::integral_constant<Index, 2>{}, n, to);
  } else if (step == -1) {
    detail::copy_steps(from, std::integral_constant<Index, -1>{}, n, to);
  } else {
    detail::copy_steps(from, step, n, to);
  }
}

/// to[i columns + j] = from[i row_step + j column_step].
template <class T>
inline void copy_tile(const T* from, Index row_step, Index column_step, Index rows, Index columns, T* to) {
  // Whole lines of a transposed array, each touched once: they often fight for one place in the cache.
  const bool transposed = row_step == 1;
  const Index whole_rows = transposed ? rows - rows % kLanes<T> : 0;
  const Index whole_columns = columns - columns % kLanes<T>;
  for (Index j = 0; whole_rows > 0 && j < whole_columns; j += kLanes<T>) {
    for (Index i = 0; i < whole_rows; i += kLanes<T>) {
      transpose_square(from + i + j * column_step, column_step, to + i * columns + j, columns);
    }
  }
  for (Index i = 0; i < rows; ++i) {
    const Index done = i < whole_rows ? whole_columns : 0;
    copy_strided(from + i * row_step + done * column_step, column_step, columns - done,
                 to + i * columns + done);
  }
}

}  // namespace fastnn
