// Copies of elements that strides scatter over memory to where they lie side by side.
#pragma once

#include <cstdlib>
#include <cstring>

#include "fastnn/core/view.h"

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

/// Rows that a tile copied by copy_tile has at most: a cache line of a transposed array.
template <class T>
constexpr Index kTileHeight = 64 / static_cast<Index>(sizeof(T));

/// to[i columns + j] = from[i row_step + j column_step], for at most kTileHeight rows and kMostColumns.
template <Index kMostColumns, class T>
inline void copy_tile(const T* from, Index row_step, Index column_step, Index rows, Index columns, T* to) {
  if (rows < kTileHeight<T> || row_step != 1) {
    for (Index i = 0; i < rows; ++i)
      copy_strided(from + i * row_step, column_step, columns, to + i * columns);
    return;
  }
  // Each line is touched once: those of a transposed array often fight for one place in the cache.
  alignas(64) T lines[kMostColumns * kTileHeight<T>];
  for (Index j = 0; j < columns; ++j) {
    std::memcpy(lines + j * kTileHeight<T>, from + j * column_step, sizeof(T) * kTileHeight<T>);
  }
  for (Index i = 0; i < kTileHeight<T>; ++i) {
    detail::copy_steps(lines + i, std::integral_constant<Index, kTileHeight<T>>{}, columns, to + i * columns);
  }
}

}  // namespace fastnn
