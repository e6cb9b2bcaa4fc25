// Adding up in pairs: the error grows with the logarithm of the number of terms only. A fold (see fold.h)
// says what adding means.
#pragma once

#include "fastnn/kernels/vector.h"

namespace fastnn {

/// Merges states pairwise as they come, always an earlier one with the next later one.
template <class Fold>
class Pairwise {
 public:
  using State = typename Fold::State;
  void add(State state) {
    int level = 0;
    for (; count_ >> level & 1; ++level) state = Fold::merged(levels_[level], state);
    levels_[level] = state;
    ++count_;
  }
  /// Of at least one state.
  State total() const {
    int level = 0;
    while (!(count_ >> level & 1)) ++level;
    State sum = levels_[level];
    while (count_ >> ++level) {
      if (count_ >> level & 1) sum = Fold::merged(levels_[level], sum);
    }
    return sum;
  }

 private:
  Index count_ = 0;
  State levels_[48];
};

/// As Pairwise, for n states side by side in memory of the caller's: kPairwiseLevels + 1 times n of them.
constexpr int kPairwiseLevels = 7;
template <class Fold>
class PairwiseRows {
 public:
  using State = typename Fold::State;
  PairwiseRows(Index n, State* memory) : n_(n) {
    for (int i = 0; i <= kPairwiseLevels; ++i) levels_[i] = memory + i * n;
  }
  /// Where to put the next n; take() then merges them.
  State* next() { return levels_[kPairwiseLevels]; }
  void take() {
    State*& later = levels_[kPairwiseLevels];
    int level = 0;
    for (; count_ >> level & 1; ++level) merge(levels_[level], later, later);
    std::swap(levels_[level], later);
    ++count_;
  }
  /// Of at least one take().
  State* total() {
    int level = 0;
    while (!(count_ >> level & 1)) ++level;
    State* sum = levels_[level];
    while (count_ >> ++level) {
      if (count_ >> level & 1) merge(levels_[level], sum, sum);
    }
    return sum;
  }

 private:
  void merge(const State* earlier, const State* later, State* to) const {
    for (Index i = 0; i < n_; ++i) to[i] = Fold::merged(earlier[i], later[i]);
  }
  Index n_, count_ = 0;
  State* levels_[kPairwiseLevels + 1];
};

}  // namespace fastnn
