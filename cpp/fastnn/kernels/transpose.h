// A square of as many rows as a vector has lanes, transposed in registers.
#pragma once

#include "fastnn/kernels/vector.h"

namespace fastnn {

namespace detail {

/// Which lane of two vectors each lane comes from, where blocks of `step` lanes change sides.
template <class V, Index step>
inline void swap_blocks(V& a, V& b) {
  constexpr Index lanes = kLanes<Lane<V>>;
  IntVec<V> first, second;
  for (Index k = 0; k < lanes; ++k) {
    first[k] = static_cast<Lane<IntVec<V>>>((k & step) != 0 ? lanes + k - step : k);
    second[k] = static_cast<Lane<IntVec<V>>>((k & step) != 0 ? lanes + k : k + step);
  }
  const V x = a, y = b;
  a = __builtin_shuffle(x, y, first);
  b = __builtin_shuffle(x, y, second);
}

template <class V, Index step>
inline void transpose_blocks(V (&rows)[kLanes<Lane<V>>]) {
  if constexpr (step < kLanes<Lane<V>>) {
#pragma GCC unroll 16
    for (Index i = 0; i < kLanes<Lane<V>>; ++i) {
      if ((i & step) == 0) swap_blocks<V, step>(rows[i], rows[i + step]);
    }
    transpose_blocks<V, 2 * step>(rows);
  }
}

}  // namespace detail

/// to[i to_step + j] = from[j from_step + i] for all i and j below the number of lanes.
template <class T>
inline void transpose(const T* from, Index from_step, T* to, Index to_step) {
  Vec<T> rows[kLanes<T>];
#pragma GCC unroll 16
  for (Index j = 0; j < kLanes<T>; ++j) rows[j] = load(from + j * from_step);
  detail::transpose_blocks<Vec<T>, 1>(rows);
#pragma GCC unroll 16
  for (Index i = 0; i < kLanes<T>; ++i) store(to + i * to_step, rows[i]);
}

}  // namespace fastnn
