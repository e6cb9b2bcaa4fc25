// Reductions over some dimensions of an array of any layout, by any fold (see fold.h). The order in which
// elements are merged depends on the array's layout alone, not on threads.
#pragma once

#include <algorithm>

#include "fastnn/core/buffer.h"
#include "fastnn/core/offsets.h"
#include "fastnn/core/parallel.h"
#include "fastnn/kernels/fold.h"
#include "fastnn/kernels/pairwise.h"
#include "fastnn/kernels/strided.h"

namespace fastnn {

/// The dimensions that stay and those that are reduced, apart, each sorted by stride and collapsed.
struct ReduceLayout {
  Dims kept, kept_strides[2];  // of x and of out
  Dims reduced, reduced_strides;
  Index outputs = 1, terms = 1;
  bool along;  // an output's terms lie together; otherwise those of neighbouring outputs do

  /// x is reduced over the dimensions in which out has size 1, all others being equal.
  ReduceLayout(const Dims& x, const Dims& x_strides, const Dims& out, const Dims& out_strides);
};

namespace detail {

constexpr Index kReduceGrain = 32768;   // elements of one block
constexpr Index kReduceAlone = 400000;  // elements up to which waking another thread costs more than it saves
constexpr Index kReduceLeaf = 512;      // elements merged in a row before states are merged pairwise
constexpr Index kReduceLeafRows = 64;   // the same for rows
constexpr Index kReduceColumns = 1024;  // columns reduced side by side
constexpr Index kReduceRows = kReduceLeafRows << (kPairwiseLevels - 1);  // rows of one block
constexpr Index kCentreRows = 16;  // rows whose mean is the centre of a fold that has one

template <class Fold, class = void>
struct IsCentred : std::false_type {};
template <class Fold>
struct IsCentred<Fold, std::void_t<decltype(Fold::kCentred)>> : std::true_type {};

/// The n elements from `x` on with a stride, contiguous.
template <class T>
inline const T* contiguous(const T* x, Index stride, Index n, T* scratch) {
  if (stride == 1) return x;
  copy_strided(x, stride, n, scratch);
  return scratch;
}

/// All lanes of the result hold what those of s merge to.
template <class Fold, int By = static_cast<int>(Fold::kStep) / 2>
inline typename Fold::State merge_lanes(const typename Fold::State& s) {
  if constexpr (By == 0) {
    return s;
  } else {
    return merge_lanes<Fold, By / 2>(Fold::merged(s, Fold::template rotated<By>(s)));
  }
}

template <class Fold>
inline void add_part(typename Fold::State& s, const typename Fold::Element* x, Index n) {
  if constexpr (IsCentred<Fold>::value) {
    Fold::add_part(s, x, n);
  } else {
    Fold::add(s, Fold::read_part(x, n));
  }
}

/// The state of n contiguous elements.
template <class Fold>
inline typename Fold::State fold_leaf(const typename Fold::Element* x, Index n,
                                      const typename Fold::State& start) {
  constexpr Index step = Fold::kStep;
  typename Fold::State s[4] = {start, start, start, start};
  Index i = 0;
  for (; i + 4 * step <= n; i += 4 * step) {
#pragma GCC unroll 16
    for (int k = 0; k < 4; ++k) Fold::add(s[k], Fold::read(x + i + k * step));
  }
  for (; i + step <= n; i += step) Fold::add(s[0], Fold::read(x + i));
  if (i < n) add_part<Fold>(s[1], x + i, n - i);
  return n < step ? s[1] : Fold::merged(Fold::merged(s[0], s[1]), Fold::merged(s[2], s[3]));
}

/// acc[g] takes in the elements g of N rows, n elements each. The rows after them lie `ahead` elements
/// further: processors do not foresee several streams that end with each page.
template <class Fold, int N>
inline void fold_rows(const typename Fold::Element* const* rows, Index n, Index ahead,
                      typename Fold::State* acc) {
  constexpr Index step = Fold::kStep;
  const Index whole = n / step;
  for (Index g = 0; g < whole; ++g) {
    typename Fold::State s = acc[g];
#pragma GCC unroll 16
    for (int i = 0; i < N; ++i) {
      __builtin_prefetch(rows[i] + g * step + ahead);
      Fold::add(s, Fold::read(rows[i] + g * step));
    }
    acc[g] = s;
  }
  if (whole * step == n) return;
#pragma GCC unroll 16
  for (int i = 0; i < N; ++i)
    Fold::add(acc[whole], Fold::read_part(rows[i] + whole * step, n - whole * step));
}

template <class Fold, class To, class Finish>
class Reduction {
  using T = typename Fold::Element;
  using State = typename Fold::State;
  static constexpr bool kCentred = IsCentred<Fold>::value;

 public:
  Reduction(const View<const T>& x, const View<To>& out, const Finish& finish)
      : l_(x.shape, x.strides, out.shape, out.strides), x_(x.data), out_(out.data), finish_(finish) {}

  void run() const {
    if (l_.outputs == 0) return;
    l_.along ? along() : across();
  }

  // Rows of neighbouring outputs are reduced side by side.
  void across() const {
    constexpr Index step = Fold::kStep;
    const Index columns = l_.kept.back();
    const Index width = std::min(columns, kReduceColumns);
    const Index groups = (width + step - 1) / step;
    const Index strips = (columns + width - 1) / width;
    const Index lines = l_.outputs / columns;
    const Index height = std::clamp(4 * kReduceGrain / width / kReduceLeafRows * kReduceLeafRows,
                                    kReduceLeafRows, kReduceRows);
    const Index blocks = std::max<Index>(1, (l_.terms + height - 1) / height);
    Buffer<State> parts(blocks > 1 ? lines * strips * blocks * groups : 0);
    for_units(lines * strips * blocks, width * std::min(l_.terms + 1, height), [&](Index begin, Index end) {
      const int levels = Fold::kPairwise && l_.terms > kReduceLeafRows ? kPairwiseLevels + 1 : 1;
      Buffer<State> memory(groups * (levels + kCentred));
      for (Index unit = begin; unit < end; ++unit) {
        const Index block = unit % blocks, strip = unit / blocks;
        const Index first = strip % strips * width;
        const Index n = std::min(width, columns - first);
        const State* total = fold_strip(strip / strips, first, n, block * height,
                                        std::min(height, l_.terms - block * height), memory.data());
        if (blocks > 1) {
          std::copy_n(total, (n + step - 1) / step, parts.data() + unit * groups);
        } else {
          write(strip / strips * columns + first, n, total);
        }
      }
    });
    if (blocks == 1) return;
    Buffer<State> totals(groups);
    for (Index strip = 0; strip < lines * strips; ++strip) {
      const Index first = strip % strips * width;
      const Index n = std::min(width, columns - first);
      for (Index g = 0; g < (n + step - 1) / step; ++g) {
        Pairwise<Fold> total;
        for (Index b = 0; b < blocks; ++b) total.add(parts[(strip * blocks + b) * groups + g]);
        totals[g] = total.total();
      }
      write(strip / strips * columns + first, n, totals.data());
    }
  }

 private:
  template <class Body>
  void for_units(Index units, Index unit_terms, Body body) const {
    const bool alone = l_.outputs * l_.terms <= kReduceAlone;
    parallel_for(units, alone ? units : std::max<Index>(1, kReduceGrain / unit_terms), body);
  }

  // Each output's rows are reduced by themselves.
  void along() const {
    const Index columns = l_.reduced.back();
    const Index pieces = (columns + kReduceLeaf - 1) / kReduceLeaf;  // of a row
    const Index leaves = columns == 0 ? 0 : l_.terms / columns * pieces;
    const Index block_leaves = std::max<Index>(1, kReduceGrain / std::clamp<Index>(columns, 1, kReduceLeaf));
    const Index blocks = (leaves + block_leaves - 1) / block_leaves;
    if (blocks <= 1) {
      for_units(l_.outputs, l_.terms + 1, [&](Index begin, Index end) {
        Offsets from(l_.kept, l_.kept_strides[0], l_.kept.size(), begin);
        Offsets to(l_.kept, l_.kept_strides[1], l_.kept.size(), begin);
        for (Index i = begin; i < end; ++i, ++from, ++to) {
          const State s = leaves == 0 ? no_elements() : fold(x_ + *from, pieces, 0, leaves);
          out_[*to] = static_cast<To>(finish_(merge_lanes<Fold>(s))[0]);
        }
      });
      return;
    }
    Buffer<State> parts(l_.outputs * blocks);
    for_units(l_.outputs * blocks, std::min(l_.terms, kReduceGrain), [&](Index begin, Index end) {
      for (Index unit = begin; unit < end; ++unit) {
        const Index first = unit % blocks * block_leaves;
        const T* from = x_ + *Offsets(l_.kept, l_.kept_strides[0], l_.kept.size(), unit / blocks);
        parts[unit] = fold(from, pieces, first, std::min(first + block_leaves, leaves));
      }
    });
    Offsets to(l_.kept, l_.kept_strides[1], l_.kept.size(), 0);
    for (Index i = 0; i < l_.outputs; ++i, ++to) {
      Pairwise<Fold> total;
      for (Index b = 0; b < blocks; ++b) total.add(parts[i * blocks + b]);
      out_[*to] = static_cast<To>(finish_(merge_lanes<Fold>(total.total()))[0]);
    }
  }

  static State no_elements() {
    if constexpr (kCentred) {
      return Fold::start(Vec<double>{});
    } else {
      return Fold::start();
    }
  }

  // Leaves [first, last) of the rows from `x` on, which have `pieces` each.
  State fold(const T* x, Index pieces, Index first, Index last) const {
    const Index columns = l_.reduced.back();
    const Index stride = l_.reduced_strides.back();
    T scratch[kReduceLeaf];
    State start = no_elements();
    if constexpr (kCentred) {
      const Index n = std::min(kReduceLeaf, columns);
      const Vec<double> sum = merge_lanes<SumFold<T>>(
          fold_leaf<SumFold<T>>(contiguous(x, stride, n, scratch), n, SumFold<T>::start()));
      start = Fold::start(sum / static_cast<double>(n));
    }
    if (last - first == 1 && first == 0) {
      return fold_leaf<Fold>(contiguous(x, stride, std::min(kReduceLeaf, columns), scratch),
                             std::min(kReduceLeaf, columns), start);
    }
    Offsets row(l_.reduced, l_.reduced_strides, l_.reduced.size() - 1, first / pieces);
    Index piece = first % pieces;
    Pairwise<Fold> pairs;
    State all = start;
    for (Index leaf = first; leaf < last; ++leaf) {
      const Index n = std::min(kReduceLeaf, columns - piece * kReduceLeaf);
      const T* data = contiguous(x + *row + piece * kReduceLeaf * stride, stride, n, scratch);
      if constexpr (Fold::kPairwise) {
        pairs.add(fold_leaf<Fold>(data, n, start));
      } else {
        all = fold_leaf<Fold>(data, n, all);
        if (Fold::settled(all)) break;
      }
      if (++piece == pieces) {
        piece = 0;
        ++row;
      }
    }
    if constexpr (Fold::kPairwise) return pairs.total();
    return all;
  }

  // Columns [first, first + n) of `count` rows from `row` on.
  const State* fold_strip(Index line, Index first, Index n, Index row, Index count, State* memory) const {
    constexpr Index step = Fold::kStep;
    const Index stride = l_.kept_strides[0].back();
    const Index groups = (n + step - 1) / step;
    const T* from = x_ + *Offsets(l_.kept, l_.kept_strides[0], l_.kept.size() - 1, line) + first * stride;
    const Index ahead = stride == 1 ? 4 * l_.reduced_strides.back() : 0;
    alignas(64) T scratch[4][kReduceColumns];
    // Calls f for up to four rows at a time.
    const auto four_rows = [&](Offsets& at, Index left, auto f) {
      while (left > 0) {
        const T* rows[4];
        const Index some = std::min<Index>(4, left);
        for (Index i = 0; i < some; ++i, ++at) rows[i] = contiguous(from + *at, stride, n, scratch[i]);
        f(rows, some);
        left -= some;
      }
    };
    const auto fold_into = [&](auto fold, Offsets& at, Index left, auto* acc) {
      using F = decltype(fold);
      four_rows(at, left, [&](const T* const* rows, Index some) {
        if (some == 4) return fold_rows<F, 4>(rows, n, ahead, acc);
        for (Index i = 0; i < some; ++i) fold_rows<F, 1>(rows + i, n, 0, acc);
      });
    };
    State* start = memory;  // of a fold with centres
    if constexpr (kCentred) {
      memory += groups;
      const Index sample = std::min(kCentreRows, l_.terms);
      Buffer<Vec<double>> sums(groups);
      std::fill_n(sums.data(), groups, Vec<double>{});
      Offsets at(l_.reduced, l_.reduced_strides, l_.reduced.size(), 0);
      fold_into(SumFold<T>{}, at, sample, sums.data());
      for (Index g = 0; g < groups; ++g) start[g] = Fold::start(sums[g] / static_cast<double>(sample));
    }
    const auto begin = [&](State* acc) {
      if constexpr (kCentred) {
        std::copy_n(start, groups, acc);
      } else {
        std::fill_n(acc, groups, Fold::start());
      }
    };
    Offsets at(l_.reduced, l_.reduced_strides, l_.reduced.size(), row);
    if (!Fold::kPairwise || l_.terms <= kReduceLeafRows) {
      begin(memory);
      fold_into(Fold{}, at, count, memory);
      return memory;
    }
    PairwiseRows<Fold> sums(groups, memory);
    while (count > 0) {
      const Index leaf = std::min(kReduceLeafRows, count);
      begin(sums.next());
      fold_into(Fold{}, at, leaf, sums.next());
      sums.take();
      count -= leaf;
    }
    return sums.total();
  }

  void write(Index output, Index n, const State* states) const {
    To* to = out_ + *Offsets(l_.kept, l_.kept_strides[1], l_.kept.size(), output);
    const Index step = l_.kept_strides[1].back();
    for (Index g = 0; g * Fold::kStep < n; ++g) {
      const auto lanes = finish_(states[g]);
      const Index some = std::min(Fold::kStep, n - g * Fold::kStep);
      for (Index k = 0; k < some; ++k) to[(g * Fold::kStep + k) * step] = static_cast<To>(lanes[k]);
    }
  }

  const ReduceLayout l_;
  const T* x_;
  To* out_;
  const Finish& finish_;
};

}  // namespace detail

/// out = finish(the fold's state), x being reduced over the dimensions in which out has size 1, all others
/// being equal. finish(state) gives a vector of results. out may have any strides and does not overlap x.
template <class Fold, class To, class Finish>
void reduce(const View<const typename Fold::Element>& x, const View<To>& out, const Finish& finish) {
  detail::Reduction<Fold, To, Finish>(x, out, finish).run();
}

/// The same for folds that cannot merge lanes, where ReduceLayout does not say `along`.
template <class Fold, class To, class Finish>
void reduce_across(const View<const typename Fold::Element>& x, const View<To>& out, const Finish& finish) {
  detail::Reduction<Fold, To, Finish>(x, out, finish).across();
}

}  // namespace fastnn
