// A square of as many rows as a vector has lanes, transposed in registers.
#pragma once

#include <utility>

#include "fastnn/kernels/vector.h"

namespace fastnn {

/// Lanes i of `low` (i < L) and L + i of `high` picked by the constants Is.
template <class T, int... Is>
inline Vec<T> shuffle(Vec<T> low, Vec<T> high) {
#if defined(__clang__)
  return __builtin_shufflevector(low, high, Is...);
#else
  return __builtin_shuffle(low, high, IntVec<Vec<T>>{Is...});
#endif
}

/// Lanes come in pairs of blocks of D: exchanges the second blocks of a with the first ones of b.
template <class T, int D, int... Is>
inline void swap_blocks(Vec<T>& a, Vec<T>& b, std::integer_sequence<int, Is...>) {
  constexpr int lanes = kLanes<T>;
  const Vec<T> low = shuffle<T, ((Is & D) == 0 ? Is : Is - D + lanes)...>(a, b);
  b = shuffle<T, ((Is & D) == 0 ? Is + D : Is + lanes)...>(a, b);
  a = low;
}
template <class T, int D>
inline void swap_blocks(Vec<T>& a, Vec<T>& b) {
  swap_blocks<T, D>(a, b, std::make_integer_sequence<int, kLanes<T>>());
}

/// Transposes a square of L x L elements held in L vectors.
template <class T, int D = kLanes<T> / 2>
inline void transpose(Vec<T>* rows) {
#pragma GCC unroll 16
  for (int i = 0; i < kLanes<T>; ++i) {
    if ((i & D) == 0) swap_blocks<T, D>(rows[i], rows[i + D]);
  }
  if constexpr (D > 1) transpose<T, D / 2>(rows);
}

/// to[i to_step + j] = from[j from_step + i] for all i and j < L.
template <class T>
inline void transpose_square(const T* from, Index from_step, T* to, Index to_step) {
  Vec<T> rows[kLanes<T>];
#pragma GCC unroll 16
  for (Index j = 0; j < kLanes<T>; ++j) rows[j] = load(from + j * from_step);
  transpose<T>(rows);
#pragma GCC unroll 16
  for (Index i = 0; i < kLanes<T>; ++i) store(to + i * to_step, rows[i]);
}

}  // namespace fastnn
