// The other tile of the matmul, for few rows (or columns) and operands that lie contiguous along k: a tile
// of dot products, whose vectors run along k. Nothing needs packing.
#pragma once

#include <algorithm>

#include "fastnn/kernels/gemm_pack.h"
#include "fastnn/kernels/gemm_tile.h"

namespace fastnn {

/// The sum of a[i] b[i]: as many sums side by side as hide the latency of a multiply-add.
template <class T>
inline T dot(const T* a, const T* b, Index n) {
  constexpr int kSums = 8;
  Vec<T> sums[kSums] = {};
  Index i = 0;
  for (; i + kSums * kLanes<T> <= n; i += kSums * kLanes<T>) {
#pragma GCC unroll 8
    for (int j = 0; j < kSums; ++j) sums[j] += load(a + i + j * kLanes<T>) * load(b + i + j * kLanes<T>);
  }
  for (; i < n; i += kLanes<T>) {
    const Index rest = std::min(n - i, kLanes<T>);
    sums[0] += load_part(a + i, rest) * load_part(b + i, rest);
  }
  for (int width = kSums / 2; width > 0; width /= 2) {
    for (int j = 0; j < width; ++j) sums[j] += sums[j + width];
  }
  T total = 0;
  for (Index k = 0; k < kLanes<T>; ++k) total += sums[0][k];
  return total;
}

/// Sums the lanes of each of Count <= L vectors into lane i of sums[0]; the other lanes are undefined.
template <class T, int Count, int D = kLanes<T> / 2>
[[gnu::always_inline]] inline void sum_lanes(Vec<T>* sums) {
  constexpr int pairs = std::min(Count, D);
#pragma GCC unroll 16
  for (int i = 0; i < pairs; ++i) {
    Vec<T> other = i + D < Count ? sums[i + D] : Vec<T>{};
    swap_blocks<T, D>(sums[i], other);
    sums[i] += other;
  }
  if constexpr (D > 1) sum_lanes<T, pairs, D / 2>(sums);
}

/// 0, 1, 2, ...
template <class T>
inline IntVec<Vec<T>> lane_numbers() {
  IntVec<Vec<T>> numbers;
  for (int i = 0; i < kLanes<T>; ++i) numbers[i] = i;
  return numbers;
}

/// A tile of MR rows and NC columns: the sum of a[i * a_row + p] b[j * b_col + p] over the terms p of all
/// runs.
template <class T, int MR, int NC>
void dot_tile(const TileRuns& runs, const T* a, Index a_row, const T* b, Index b_col, const TileEnd<T>& end) {
  constexpr int lanes = kLanes<T>;
  constexpr int size = MR * NC;
  Vec<T> sums[size] = {};
  const Index k = runs.terms, rest = k % lanes;
  for (const TileRun *run = runs.begin, *last = run + runs.count; run != last; ++run) {
    const T* left = a + run->a;
    const T* right = b + run->b;
    const auto add = [&](auto&& get) {
      Vec<T> row[MR];
#pragma GCC unroll 16
      for (int i = 0; i < MR; ++i) {
        row[i] = get(left + i * a_row);
#if defined(__x86_64__)
        asm(""
            : "+v"(row[i]));  // GCC would load it again for each column, which takes longest where it crosses
                              // lines
#endif
      }
#pragma GCC unroll 16
      for (int j = 0; j < NC; ++j) {
        const Vec<T> column = get(right + j * b_col);
#pragma GCC unroll 16
        for (int i = 0; i < MR; ++i) sums[i * NC + j] += row[i] * column;
      }
    };
    if (k < lanes) {
      add([rest](const T* p) { return load_part(p, rest); });
      continue;
    }
    for (Index p = 0; p + lanes <= k; p += lanes, left += lanes, right += lanes) {
      add([](const T* at) { return load(at); });
    }
    if (rest > 0) {
      // The last whole vector again, without the terms that have been added.
      const IntVec<Vec<T>> keep = lane_numbers<T>() >= static_cast<Lane<IntVec<Vec<T>>>>(lanes - rest);
      add([&](const T* p) { return (Vec<T>)((IntVec<Vec<T>>)load(p - (lanes - rest)) & keep); });
    }
  }

  constexpr int whole = size / lanes * lanes;
  T scratch[whole + lanes];
#pragma GCC unroll 16
  for (int g = 0; g < whole; g += lanes) {
    sum_lanes<T, lanes>(sums + g);
    store(scratch + g, sums[g]);
  }
  if constexpr (whole < size) {
    sum_lanes<T, size - whole>(sums + whole);
    store(scratch + whole, sums[whole]);
  }
  end_tile(scratch, NC, MR, NC, end);
}

template <class T>
using DotTile = void (*)(const TileRuns&, const T*, Index, const T*, Index, const TileEnd<T>&);

/// The dot tile of `rows` x `columns`.
template <class T>
DotTile<T> choose_dot_tile(Index rows, Index columns);

}  // namespace fastnn
