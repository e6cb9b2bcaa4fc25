// The matmul of very few rows with a large b: nothing is used twice, so b is read as it lies in memory, some
// rows at a time, in runs that the processor fetches ahead; sums stay in the L1 cache instead of registers.
#pragma once

#include <algorithm>

#include "fastnn/core/buffer.h"
#include "fastnn/core/parallel.h"
#include "fastnn/kernels/gemm_pack.h"
#include "fastnn/kernels/gemm_product.h"

namespace fastnn {

/// sums[i * step + j] += the sum of a(i, p) b(p, j) over K terms p, for `columns` columns, padded to whole
/// vectors, and M rows.
template <class T, int M, int K>
void stream_terms(const Factor<T>& a, Index p, const T* b, Index b_row, const T* b_end, Index columns,
                  T* sums, Index step) {
  Vec<T> factor[M][K];
  for (int i = 0; i < M; ++i) {
    for (int r = 0; r < K; ++r) factor[i][r] = splat<Vec<T>>(*a.at(i, p + r));
  }
  const auto add = [&](Index j, auto&& get) {
    Vec<T> row[K];
#pragma GCC unroll 8
    for (int r = 0; r < K; ++r) row[r] = get(b + r * b_row + j);
#pragma GCC unroll 8
    for (int i = 0; i < M; ++i) {
      Vec<T> sum = load(sums + i * step + j);
#pragma GCC unroll 8
      for (int r = 0; r < K; ++r) sum += factor[i][r] * row[r];
      store(sums + i * step + j, sum);
    }
  };
  Index j = 0;
  for (; j + kLanes<T> <= columns; j += kLanes<T>) add(j, [](const T* from) { return load(from); });
  if (j < columns) add(j, [b_end](const T* from) { return load_within(from, b_end); });
}

template <class T, int M>
void stream_rows(const Product<T>& x) {
  constexpr int kTerms = M == 1 ? 8 : 4;
  const Index most = kStreamRun / static_cast<Index>(sizeof(T));
  const Pieces runs(divide_up(x.n, kLanes<T>), most / kLanes<T>);
  const Index tasks = std::min(x.n * x.k * static_cast<Index>(sizeof(T)) / kStreamPiece, kMostTasks);
  const Pieces slices(x.k, divide_up(x.k, std::clamp<Index>(tasks / runs.count, 1, divide_up(x.k, 64))));
  const Index step = divide_up(x.n, kLanes<T>) * kLanes<T>;
  Buffer<T> parts(slices.count * M * step);
  parallel_for(slices.count * runs.count, 1, [&](Index task, Index) {
    const Index slice = task / runs.count, run = task % runs.count, j = runs.begin(run) * kLanes<T>;
    const Index columns = std::min(runs.size(run) * kLanes<T>, x.n - j);
    T* sums = parts.data() + slice * M * step + j;
    for (Index i = 0; i < M; ++i) std::fill_n(sums + i * step, runs.size(run) * kLanes<T>, T(0));
    Index p = slices.begin(slice);
    const Index end = p + slices.size(slice);
    for (; p + kTerms <= end; p += kTerms) {
      stream_terms<T, M, kTerms>(x.a, p, x.b.at(p, j), x.b.row, x.b.end, columns, sums, step);
    }
    for (; p < end; ++p) stream_terms<T, M, 1>(x.a, p, x.b.at(p, j), x.b.row, x.b.end, columns, sums, step);
  });

  for (Index i = 0; i < M; ++i) {
    T* sums = parts.data() + i * step;
    for (Index s = 1; s < slices.count; ++s) {
      const T* part = sums + s * M * step;
      for (Index j = 0; j < x.n; ++j) sums[j] += part[j];
    }
    for (Index j = 0; x.bias != nullptr && j < x.n; ++j) sums[j] += x.bias[i * x.bias_row + j * x.bias_col];
    activation_forward(x.activation, x.n, sums, sums);
    for (Index j = 0; j < x.n; ++j) x.c[i * x.c_row + j * x.c_col] = sums[j];
  }
}

/// Whether stream() serves.
template <class T>
bool wants_stream(const Product<T>& x) {
  return x.m <= kStreamRows && x.b.col == 1 && x.n >= kStreamColumns &&
         x.n * x.k >= kStreamBytes / static_cast<Index>(sizeof(T));
}

template <class T, int... Is>
void stream(const Product<T>& x, std::integer_sequence<int, Is...>) {
  static constexpr void (*kernels[])(const Product<T>&) = {stream_rows<T, Is + 1>...};
  kernels[x.m - 1](x);
}
template <class T>
void stream(const Product<T>& x) {
  stream(x, std::make_integer_sequence<int, kStreamRows>());
}

}  // namespace fastnn
