// The register tile of the matmul.
#pragma once

#include <algorithm>

#include "fastnn/kernels/vector.h"

namespace fastnn {

/// What is done with a finished tile.
template <class T>
struct TileEnd {
  bool accumulate;  // add to what c holds; else c is only written, never read
  const T* bias;    // one value per column of the tile, or none
  bool relu;
};

/// c (MR x n) = a b over `k` terms: a[p * a_step + i] is row i of term p, b[p * b_step + j] its column j.
/// All NV vectors of a row of b can be read; the first `n` columns are stored.
template <class T, int MR, int NV>
void tile(Index k, const T* a, Index a_step, const T* b, Index b_step, T* c, Index c_row, Index n,
          const TileEnd<T>& end) {
  constexpr Index lanes = kLanes<T>;
  Vec<T> acc[MR][NV] = {};
  for (; k > 0; --k) {
    Vec<T> row[NV];
    for (int v = 0; v < NV; ++v) row[v] = load(b + v * lanes);
    for (int i = 0; i < MR; ++i) {
      for (int v = 0; v < NV; ++v) acc[i][v] += a[i] * row[v];
    }
    a += a_step;
    b += b_step;
  }
  // Edge tiles go through a scratch row, so that nothing beyond column n is touched.
  T edge[NV * lanes] = {};
  Vec<T> bias[NV] = {};
  if (end.bias != nullptr) {
    std::copy_n(end.bias, n, edge);
    for (int v = 0; v < NV; ++v) bias[v] = load(edge + v * lanes);
  }
  for (int i = 0; i < MR; ++i, c += c_row) {
    T* out = n == NV * lanes ? c : edge;
    if (end.accumulate) {
      if (out != c) std::copy_n(c, n, edge);
      for (int v = 0; v < NV; ++v) acc[i][v] += load(out + v * lanes);
    }
    if (end.bias != nullptr) {
      for (int v = 0; v < NV; ++v) acc[i][v] += bias[v];
    }
    if (end.relu) {
      for (int v = 0; v < NV; ++v) acc[i][v] = acc[i][v] < 0 ? Vec<T>{} : acc[i][v];
    }
    for (int v = 0; v < NV; ++v) store(out + v * lanes, acc[i][v]);
    if (out != c) std::copy_n(edge, n, c);
  }
}

}  // namespace fastnn
