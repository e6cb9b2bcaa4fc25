// Sums in float64 whose error grows with the logarithm of the number of terms only.
#pragma once

#include <algorithm>
#include <utility>

#include "fastnn/kernels/vector.h"

namespace fastnn {

constexpr Index kSumLeaf = 512;     // elements added in a row before sums are added pairwise
constexpr Index kSumLeafRows = 64;  // the same for rows that are added to each other
constexpr Index kSumColumns = 512;  // columns added side by side
constexpr Index kSumRows = 4096;    // rows of one block, so that kSumLevels suffice
constexpr int kSumLevels = 7;

/// Adds numbers pairwise as they come: the error grows with the logarithm of their number.
class Pairwise {
 public:
  void add(double value) {
    int level = 0;
    for (; count_ >> level & 1; ++level) value += sums_[level];
    sums_[level] = value;
    ++count_;
  }
  double total() const {
    double sum = 0.0;
    for (int level = 0; count_ >> level; ++level) {
      if (count_ >> level & 1) sum += sums_[level];
    }
    return sum;
  }

 private:
  Index count_ = 0;
  double sums_[64];
};

/// As many T as there are double in a vector, widened.
template <class T>
inline Vec<double> load_wide(const T* from) {
  if constexpr (std::is_same_v<T, double>) {
    return load(from);
  } else {
    typedef T Half __attribute__((vector_size(kVectorBytes / 2)));
    Half half;
    std::memcpy(&half, from, sizeof half);
    return __builtin_convertvector(half, Vec<double>);
  }
}

/// The sum of n contiguous elements, one leaf.
template <class T>
inline double sum_contiguous(const T* x, Index n) {
  constexpr Index lanes = kLanes<double>;
  Vec<double> sum[4] = {};
  Index i = 0;
  for (; i + 4 * lanes <= n; i += 4 * lanes) {
    for (int k = 0; k < 4; ++k) sum[k] += load_wide(x + i + k * lanes);
  }
  for (; i + lanes <= n; i += lanes) sum[0] += load_wide(x + i);
  const Vec<double> all = (sum[0] + sum[1]) + (sum[2] + sum[3]);
  double total = 0.0;
  for (; i < n; ++i) total += static_cast<double>(x[i]);
  for (int k = 0; k < lanes; ++k) total += all[k];
  return total;
}

/// acc[j] += the elements j of N rows.
template <int N, class T>
inline void add_rows(const T* const* rows, Index n, double* acc) {
  constexpr Index lanes = kLanes<double>;
  Index j = 0;
  for (; j + lanes <= n; j += lanes) {
    Vec<double> sum = load_wide(rows[0] + j);
    for (int i = 1; i < N; ++i) sum += load_wide(rows[i] + j);
    store(acc + j, load(acc + j) + sum);
  }
  for (; j < n; ++j) {
    double sum = static_cast<double>(rows[0][j]);
    for (int i = 1; i < N; ++i) sum += static_cast<double>(rows[i][j]);
    acc[j] += sum;
  }
}

/// As Pairwise, for n sums side by side: each leaf is added up in next(), then taken.
class PairwiseRows {
 public:
  explicit PairwiseRows(Index n) : n_(n) {
    for (int i = 0; i <= kSumLevels; ++i) levels_[i] = sums_[i];
  }
  double* next() {
    std::fill_n(levels_[kSumLevels], n_, 0.0);
    return levels_[kSumLevels];
  }
  void take() {
    int level = 0;
    for (; count_ >> level & 1; ++level) add_rows<1>(&levels_[level], n_, levels_[kSumLevels]);
    std::swap(levels_[level], levels_[kSumLevels]);
    ++count_;
  }
  double* total() {
    double* sum = nullptr;
    for (int level = 0; count_ >> level; ++level) {
      if (!(count_ >> level & 1)) continue;
      if (sum != nullptr) add_rows<1>(&sum, n_, levels_[level]);
      sum = levels_[level];
    }
    return sum;
  }

 private:
  Index n_, count_ = 0;
  double* levels_[kSumLevels + 1];
  alignas(64) double sums_[kSumLevels + 1][kSumColumns];
};

}  // namespace fastnn
