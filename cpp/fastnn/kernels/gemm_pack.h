// Packing: lays a panel of an operand out in the order in which the register tile reads it.
#pragma once

#include <algorithm>
#include <utility>

#include "fastnn/kernels/vector.h"

namespace fastnn {
namespace detail {

/// Lanes i of `low` (i < L) and of `high` (L + i) picked by the constants Is.
template <class T, int... Is>
inline Vec<T> shuffle(Vec<T> low, Vec<T> high) {
#if defined(__clang__)
  return __builtin_shufflevector(low, high, Is...);
#else
  using Integer = std::conditional_t<sizeof(T) == 4, int, long long>;
  typedef Integer Mask __attribute__((vector_size(kVectorBytes)));
  return __builtin_shuffle(low, high, Mask{Is...});
#endif
}

/// Exchanges the D x D blocks off the diagonal of each 2D x 2D block of lanes in rows i and i + D.
template <class T, int D, int... Is>
inline void swap_blocks(Vec<T>& a, Vec<T>& b, std::integer_sequence<int, Is...>) {
  constexpr Index lanes = kLanes<T>;
  const Vec<T> low = shuffle<T, ((Is & D) == 0 ? Is : Is - D + lanes)...>(a, b);
  b = shuffle<T, ((Is & D) == 0 ? Is + D : Is + lanes)...>(a, b);
  a = low;
}

/// Transposes a square of L x L elements held in L vectors.
template <class T, int D = kLanes<T> / 2>
inline void transpose(Vec<T> (&rows)[kLanes<T>]) {
  constexpr Index lanes = kLanes<T>;
#pragma GCC unroll 16
  for (int i = 0; i < lanes; ++i) {
    if ((i & D) == 0) {
      swap_blocks<T, D>(rows[i], rows[i + D], std::make_integer_sequence<int, lanes>());
    }
  }
  if constexpr (D > 1) transpose<T, D / 2>(rows);
}

/// A panel whose source runs along k: squares of L x L are transposed. Writes up to L elements past the
/// end of the panel, and past the end of each row before that row's successor is written.
template <class T>
void pack_transposed(T* to, Index step, Index width, Index k, const T* from, Index across) {
  constexpr Index lanes = kLanes<T>;
  const auto squares = [&](Index p) {
    // Last group first: what it writes past its row is the next row's beginning, written after it.
    for (Index i = (step - 1) / lanes * lanes; i >= 0; i -= lanes) {
      Vec<T> rows[lanes];
#pragma GCC unroll 16
      for (Index r = 0; r < lanes; ++r) {
        rows[r] = i + r < width ? load(from + (i + r) * across + p) : Vec<T>{};
      }
      transpose<T>(rows);
#pragma GCC unroll 16
      for (Index r = 0; r < lanes; ++r) store(to + (p + r) * step + i, rows[r]);
    }
  };
  Index p = 0;
  for (; p + lanes <= k; p += lanes) squares(p);
  if (p < k) squares(k - lanes);  // does some rows again
}

/// A panel whose source runs across k.
template <class T, int W>
void pack_rows(T* to, Index k, const T* from, Index along) {
  for (Index p = 0; p < k; ++p) std::copy_n(from + p * along, W, to + p * W);
}

template <class T, int... Ws>
void pack_rows(T* to, Index width, Index k, const T* from, Index along, std::integer_sequence<int, Ws...>) {
  using Pack = void (*)(T*, Index, const T*, Index);
  static constexpr Pack packs[] = {pack_rows<T, Ws + 1>...};
  packs[width - 1](to, k, from, along);
}

}  // namespace detail

/// to[p * step + i] = from[i * across + p * along] for i < width and p < k, and 0 for width <= i < step.
/// May write up to one vector past to[k * step].
template <class T>
void pack(T* to, Index step, Index width, Index k, const T* from, Index across, Index along) {
  constexpr Index widest = std::max<Index>(kTileRows, kTileVectors * kLanes<T>);
  if (across == 1 && width == step) {
    detail::pack_rows(to, width, k, from, along, std::make_integer_sequence<int, widest>());
  } else if (along == 1 && k >= kLanes<T>) {
    detail::pack_transposed(to, step, width, k, from, across);
  } else {
    for (Index p = 0; p < k; ++p) {
      for (Index i = 0; i < width; ++i) to[p * step + i] = from[i * across + p * along];
      std::fill(to + p * step + width, to + (p + 1) * step, T(0));
    }
  }
}

}  // namespace fastnn
