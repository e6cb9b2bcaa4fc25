#include "fastnn/ops/arg_reduction.h"

#include <algorithm>

#include "fastnn/core/shape.h"
#include "fastnn/kernels/reduce.h"
#include "fastnn/ops/reduction.h"

namespace fastnn {
namespace {

using detail::contiguous;
using detail::kReduceGrain;

constexpr Index kLeaf = 4096;  // elements whose extremum is found before it is searched for

/// The extremum of each lane and the row that it was first seen in.
template <class T, int Sign>
struct ArgFold {
  using Element = T;
  using Rows = IntVec<Vec<T>>;
  struct State {
    Vec<T> best;
    Rows at, rows;  // rows seen
  };
  static constexpr Index kStep = kLanes<T>;
  static constexpr bool kPairwise = false;
  static State start() { return {splat<Vec<T>>(ExtremumFold<T, Sign>::kLowest), Rows{}, Rows{}}; }
  static Vec<T> read(const T* x) { return load(x); }
  static Vec<T> read_part(const T* x, Index n) { return load_part(x, n); }
  static Rows beats(Vec<T> later, Vec<T> earlier) {
    return (Sign > 0 ? later > earlier : later < earlier) | ((later != later) & (earlier == earlier));
  }
  static void add(State& s, Vec<T> v) { s = merged(s, {v, Rows{}, Rows{} + 1}); }
  static State merged(const State& a, const State& b) {
    const Rows better = beats(b.best, a.best);
    return {better ? b.best : a.best, better ? b.at + a.rows : a.at, a.rows + b.rows};
  }
};

template <class T>
struct Best {
  T value = 0;
  Index at = -1;  // nothing seen yet

  template <int Sign>
  bool loses_to(T later) const {
    return at < 0 || (Sign > 0 ? later > value : later < value) || (later != later && value == value);
  }
};

/// The first of n elements that `hits` tells of, n if there is none.
template <class T, class Hits>
Index find_if(const T* x, Index n, Hits hits) {
  using Int = IntVec<Vec<T>>;
  const Int none = Int{} + static_cast<Lane<Int>>(n);
  Int at, first = none;
  for (int k = 0; k < kLanes<T>; ++k) at[k] = static_cast<Lane<Int>>(k);
  for (Index i = 0; i < n; i += kLanes<T>, at += static_cast<Lane<Int>>(kLanes<T>)) {
    const Vec<T> v = n - i >= kLanes<T> ? load(x + i) : load_part(x + i, n - i);
    const Int here = hits(v) ? at : none;
    first = here < first ? here : first;
  }
  Index least = n;
  for (int k = 0; k < kLanes<T>; ++k) least = std::min(least, static_cast<Index>(first[k]));
  return least;
}

/// The first element that equals `value`, or is NaN as it is; there is one.
template <class T>
Index find(const T* x, Index size, T value) {
  constexpr Index most = 512;
  const Vec<T> wanted = splat<Vec<T>>(value);
  for (Index i = 0;; i += most) {
    const Index n = std::min(most, size - i);
    const Index at = value == value ? find_if(x + i, n, [=](Vec<T> v) { return v == wanted; })
                                    : find_if(x + i, n, [](Vec<T> v) { return v != v; });
    if (at < n) return i + at;
  }
}

/// Where the terms of an output lie, in C order whatever their layout: positions count that way.
struct Terms {
  Dims shape, strides;
  Index columns, stride, pieces;  // of a row, which is cut into leaves

  Terms(const Dims& x, const Dims& x_strides, const int* axis) : shape(x), strides(x_strides) {
    if (axis != nullptr) {
      shape = {x[*axis]};
      strides = {x_strides[*axis]};
    }
    collapse(shape, &strides, 1);
    columns = shape.size() == 0 ? 1 : shape.back();
    stride = shape.size() == 0 ? 1 : strides.back();
    pieces = (columns + kLeaf - 1) / kLeaf;
  }

  /// Of leaves [first, last): a leaf is searched only if its extremum is better than all before.
  template <class T, int Sign>
  Best<T> best(const T* x, Index first, Index last) const {
    using Fold = ExtremumFold<T, Sign>;
    Offsets row(shape, strides, std::max(0, shape.size() - 1), first / pieces);
    Index piece = first % pieces;
    T scratch[kLeaf];
    Best<T> best;
    for (Index leaf = first; leaf < last; ++leaf) {
      const Index n = std::min(kLeaf, columns - piece * kLeaf);
      const T* data = contiguous(x + *row + piece * kLeaf * stride, stride, n, scratch);
      const auto state = detail::merge_lanes<Fold>(detail::fold_leaf<Fold>(data, n, Fold::start()));
      const T value = state.result()[0];
      if (best.template loses_to<Sign>(value)) {
        best = {value, leaf / pieces * columns + piece * kLeaf + find(data, n, value)};
      }
      if (++piece == pieces) {
        piece = 0;
        ++row;
      }
    }
    return best;
  }
};

template <class T, int Sign>
void along(const T* x, const ReduceLayout& l, const Terms& terms, std::int64_t* out) {
  const Index leaves = l.terms / terms.columns * terms.pieces;
  const Index block_leaves = std::max<Index>(1, kReduceGrain / std::min(terms.columns, kLeaf));
  const Index blocks = (leaves + block_leaves - 1) / block_leaves;
  const Index units = l.outputs * blocks;
  Buffer<Best<T>> parts(units);
  const bool alone = l.outputs * l.terms <= detail::kReduceAlone;
  const Index grain = alone ? units : std::max<Index>(1, kReduceGrain / std::min(l.terms, kReduceGrain));
  parallel_for(units, grain, [&](Index begin, Index end) {
    Offsets from(l.kept, l.kept_strides[0], l.kept.size(), begin / blocks);
    for (Index unit = begin; unit < end; ++unit) {
      const Index first = unit % blocks * block_leaves;
      parts[unit] = terms.best<T, Sign>(x + *from, first, std::min(first + block_leaves, leaves));
      if ((unit + 1) % blocks == 0) ++from;
    }
  });
  Offsets to(l.kept, l.kept_strides[1], l.kept.size(), 0);
  for (Index i = 0; i < l.outputs; ++i, ++to) {
    Best<T> best = parts[i * blocks];
    for (Index b = 1; b < blocks; ++b) {
      const Best<T>& later = parts[i * blocks + b];
      if (best.template loses_to<Sign>(later.value)) best = later;
    }
    out[*to] = best.at;
  }
}

template <class T, int Sign>
void arg_reduce(const char* op, const View<const T>& x, const Index* axis, const View<std::int64_t>& out) {
  check_terms(op, x.shape, out.shape);
  const ReduceLayout l(x.shape, x.strides, out.shape, out.strides);
  if (l.outputs == 0) return;
  if (axis != nullptr && !l.along) {
    return reduce_across<ArgFold<T, Sign>>(x, out, [](const auto& s) { return s.at; });
  }
  int one = 0;
  if (axis != nullptr) one = checked_axis(op, *axis, x.ndim());
  along<T, Sign>(x.data, l, Terms(x.shape, x.strides, axis == nullptr ? nullptr : &one), out.data);
}

}  // namespace

template <class T>
void argmax(const View<const T>& x, const Index* axis, const View<std::int64_t>& out) {
  arg_reduce<T, 1>("argmax", x, axis, out);
}

template <class T>
void argmin(const View<const T>& x, const Index* axis, const View<std::int64_t>& out) {
  arg_reduce<T, -1>("argmin", x, axis, out);
}

#define FASTNN_INSTANTIATE(T)                                                          \
  template void argmax(const View<const T>&, const Index*, const View<std::int64_t>&); \
  template void argmin(const View<const T>&, const Index*, const View<std::int64_t>&);
FASTNN_INSTANTIATE(float)
FASTNN_INSTANTIATE(double)
#undef FASTNN_INSTANTIATE

}  // namespace fastnn
