// Packing: lays a panel of an operand out in the order in which the register tile reads it.
#pragma once

#include <algorithm>

#include "fastnn/kernels/transpose.h"

namespace fastnn {

/// A vector of an array that ends at `end`; what lies beyond reads as 0.
template <class T>
inline Vec<T> load_within(const T* from, const T* end) {
  return end - from >= kLanes<T> ? load(from) : load_part(from, end - from);
}

/// Packs a square of L x L elements, of which `width` <= L rows exist; stores at most k rows of its
/// transpose.
template <class T>
[[gnu::noinline]] void pack_square(T* to, Index step, Index width, Index k, const T* from, Index across,
                                   const T* end) {
  constexpr int lanes = kLanes<T>;
  Vec<T> rows[lanes];
  if (end - from >= lanes && end - from >= (width - 1) * across + lanes) {
#pragma GCC unroll 16
    for (int r = 0; r < lanes; ++r) rows[r] = load(from + std::min<Index>(r, width - 1) * across);
  } else {
    for (int r = 0; r < lanes; ++r) rows[r] = load_within(from + std::min<Index>(r, width - 1) * across, end);
  }
  transpose<T>(rows);
  if (k >= lanes) {
#pragma GCC unroll 16
    for (int r = 0; r < lanes; ++r) store(to + r * step, rows[r]);
  } else {
    for (int r = 0; r < k; ++r) store(to + r * step, rows[r]);
  }
}

/// to[p * step + i] = from[i * across + p * along] for i < width and p < k, where step is width, or width
/// rounded up to whole vectors: what then lies between is undefined. No element is read at or beyond `end`,
/// the end of the whole operand. Up to one vector past to[k * step] is written.
template <class T>
void pack(T* to, Index step, Index width, Index k, const T* from, Index across, Index along, const T* end) {
  constexpr Index lanes = kLanes<T>;
  // Whole vectors are written: what they write past a row is the next row's beginning, written after it.
  if (across == 1) {
    for (Index p = 0; p < k; ++p, from += along, to += step) {
      for (Index i = 0; i < width; i += lanes) store(to + i, load_within(from + i, end));
    }
  } else if (along == 1) {
    for (Index i = (width - 1) / lanes * lanes; i >= 0; i -= lanes) {
      for (Index p = 0; p < k; p += lanes) {
        pack_square(to + p * step + i, step, std::min(lanes, width - i), k - p, from + i * across + p, across,
                    end);
      }
    }
  } else {
    for (Index p = 0; p < k; ++p) {
      for (Index i = 0; i < width; ++i) to[p * step + i] = from[i * across + p * along];
    }
  }
}

}  // namespace fastnn
