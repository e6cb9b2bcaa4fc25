// The register tile of the matmul.
#pragma once

#include <utility>

#include "fastnn/kernels/vector.h"

namespace fastnn {

constexpr Index divide_up(Index a, Index b) { return (a + b - 1) / b; }

/// What is done with a finished tile, and where it goes.
template <class T>
struct TileEnd {
  T* c;
  Index c_row, c_col;
  bool accumulate;  // add to what c holds; else c is only written, never read
  const T* bias;    // added to element (i, j): bias[i * bias_row + j * bias_col]; or none
  Index bias_row, bias_col;
  bool relu;

  bool plain() const { return !accumulate && bias == nullptr && !relu; }
};

/// Ends a tile that is not whole or goes to scattered places; `sums` has rows of `step` elements.
template <class T>
void end_tile(const T* sums, Index step, Index rows, Index columns, const TileEnd<T>& end) {
  constexpr Index lanes = kLanes<T>;
  if (end.plain()) {
    for (Index i = 0; i < rows; ++i) {
      for (Index j = 0; j < columns; ++j) end.c[i * end.c_row + j * end.c_col] = sums[i * step + j];
    }
    return;
  }
  for (Index i = 0; i < rows; ++i, sums += step) {
    T* c = end.c + i * end.c_row;
    const T* bias = end.bias != nullptr ? end.bias + i * end.bias_row : nullptr;
    Index j = 0;
    if (end.c_col == 1 && (bias == nullptr || end.bias_col == 1)) {
      for (; j + lanes <= columns; j += lanes) {
        Vec<T> sum = load(sums + j);
        if (end.accumulate) sum += load(c + j);
        if (bias != nullptr) sum += load(bias + j);
        if (end.relu) sum = sum <= 0 ? Vec<T>{} : sum;  // NaN stays NaN
        store(c + j, sum);
      }
    }
    for (; j < columns; ++j) {
      T sum = sums[j];
      if (end.accumulate) sum += c[j * end.c_col];
      if (bias != nullptr) sum += bias[j * end.bias_col];
      c[j * end.c_col] = end.relu && sum <= 0 ? 0 : sum;
    }
  }
}

/// The element of row I, where odd[i] is the distance of 2i + 1 rows in bytes: processors scale an address by
/// powers of two for nothing, so that all rows share one pointer to move.
template <class T, int I>
[[gnu::always_inline]] inline T row_of(const char* a, const Index (&odd)[8]) {
  constexpr int scale = I % 8 == 0 ? 8 : I % 4 == 0 ? 4 : I % 2 == 0 ? 2 : 1;
  T value;
  std::memcpy(&value, I == 0 ? a : a + scale * odd[I / scale / 2], sizeof value);
  return value;
}

template <class T, int NV, int... Is>
[[gnu::always_inline]] inline void add_term(Vec<T> (*sums)[NV], const char* a, const Index (&odd)[8],
                                            const Vec<T>* row, std::integer_sequence<int, Is...>) {
  const auto add = [&](Vec<T>* line, T factor) {
#pragma GCC unroll 16
    for (int v = 0; v < NV; ++v) line[v] += factor * row[v];
  };
  (add(sums[Is], row_of<T, Is>(a, odd)), ...);
}

/// Where the terms of a tile begin that follow each other with constant strides: a matmul has one run of
/// them, a convolution one for each line of the image under its kernel.
struct TileRun {
  Index a, b;  // offsets
};
struct TileRuns {
  const TileRun* begin;
  Index count, terms;  // of each, at least 1
};

inline TileRuns one_run(Index terms) {
  static constexpr TileRun whole{0, 0};
  return {&whole, 1, terms};
}

/// A tile of MR rows and NV vectors of columns: the sum of a[i * a_row + p * a_col] b[p * b_row + j] over the
/// terms p of all runs. All vectors of a row of b can be read; the first `columns` columns are stored.
template <class T, int MR, int NV>
void tile(const TileRuns& runs, const T* a, Index a_row, Index a_col, const T* b, Index b_row, Index columns,
          const TileEnd<T>& end) {
  constexpr Index lanes = kLanes<T>, size = sizeof(T);
  Vec<T> sums[MR][NV] = {};
  Index odd[8];
  for (int i = 0; 2 * i + 1 < MR; ++i) odd[i] = (2 * i + 1) * a_row * size;
  for (const TileRun *run = runs.begin, *last = run + runs.count; run != last; ++run) {
    const char* left = reinterpret_cast<const char*>(a + run->a);
    const T* right = b + run->b;
    Index k = runs.terms;
    do {
      Vec<T> row[NV];
#pragma GCC unroll 16
      for (int v = 0; v < NV; ++v) row[v] = load(right + v * lanes);
      add_term<T, NV>(sums, left, odd, row, std::make_integer_sequence<int, MR>());
      left += a_col * size;
      right += b_row;
    } while (--k > 0);
  }

  T scratch[MR * NV * lanes];
  const bool whole = columns == NV * lanes && end.c_col == 1 && (end.bias == nullptr || end.bias_col == 1);
  T* const c = whole ? end.c : scratch;
  const Index c_row = whole ? end.c_row : NV * lanes;
  const auto each = [&](auto&& f) {
    T* row = c;
#pragma GCC unroll 16
    for (int i = 0; i < MR; ++i, row += c_row) {
#pragma GCC unroll 16
      for (int v = 0; v < NV; ++v) f(sums[i][v], row + v * lanes, v * lanes);
    }
  };
  if (whole && end.accumulate) each([](Vec<T>& sum, T* at, Index) { sum += load(at); });
  if (whole && end.bias != nullptr) {
    each([bias = end.bias](Vec<T>& sum, T*, Index j) { sum += load(bias + j); });
  }
  if (whole && end.relu) each([](Vec<T>& sum, T*, Index) { sum = sum <= 0 ? Vec<T>{} : sum; });  // NaN stays
  each([](Vec<T>& sum, T* at, Index) { store(at, sum); });
  if (!whole) end_tile(scratch, NV * lanes, MR, columns, end);
}

template <class T>
using Tile = void (*)(const TileRuns&, const T*, Index, Index, const T*, Index, Index, const TileEnd<T>&);

/// The most vectors of a tile of so many rows: fewer rows leave registers for more columns, which reads b in
/// longer runs.
constexpr int most_vectors(Index rows) {
  int vectors = 8;
  while (vectors * rows > kTileRows * kTileVectors) vectors /= 2;
  return vectors;
}

/// The register tile for a panel of `rows` rows and one of `columns` columns.
template <class T>
Tile<T> choose_tile(Index rows, Index columns);

}  // namespace fastnn
