#include "fastnn/ops/arg_reduction.h"

#include <algorithm>

#include "fastnn/core/shape.h"
#include "fastnn/kernels/reduce.h"
#include "fastnn/ops/reduction.h"

namespace fastnn {
namespace {

using detail::contiguous;
using detail::kReduceGrain;
using detail::kReduceLeaf;

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
};

template <class T, int Sign>
void keep_better(Best<T>& best, T value, Index at) {
  const bool better = Sign > 0 ? value > best.value : value < best.value;
  if (best.at < 0 || better || (value != value && best.value == best.value)) best = {value, at};
}

/// The first of n elements that equals `value`, or is NaN as it is; there is one.
template <class T>
Index find(const T* x, Index n, T value) {
  const Vec<T> wanted = splat<Vec<T>>(value);
  Index i = 0;
  for (; i + kLanes<T> <= n; i += kLanes<T>) {
    const Vec<T> v = load(x + i);
    // Counting lanes tells at once whether there is one.
    const auto hits = value == value ? v == wanted : v != v;
    if (detail::merge_lanes<TruthFold<T, false>>(hits)[0] != 0) break;
  }
  while (value == value ? x[i] != value : x[i] == x[i]) ++i;
  return i;
}

/// The elements of leaves [first, last), rows of x cut into pieces: a leaf is searched only if its extremum is
/// better than all before.
template <class T, int Sign>
Best<T> best_of(const View<const T>& x, Index first, Index last) {
  using Fold = ExtremumFold<T, Sign>;
  const Index columns = x.shape.back(), stride = x.strides.back();
  const Index pieces = (columns + kReduceLeaf - 1) / kReduceLeaf;
  Offsets row(x.shape, x.strides, x.ndim() - 1, first / pieces);
  Index piece = first % pieces;
  T scratch[kReduceLeaf];
  Best<T> best;
  for (Index leaf = first; leaf < last; ++leaf) {
    const Index n = std::min(kReduceLeaf, columns - piece * kReduceLeaf);
    const T* data = contiguous(x.data + *row + piece * kReduceLeaf * stride, stride, n, scratch);
    const T value = detail::merge_lanes<Fold>(detail::fold_leaf<Fold>(data, n, Fold::start()))[0];
    const Index before = best.at;
    keep_better<T, Sign>(best, value, -2);
    if (best.at == -2) {
      best.at = leaf / pieces * columns + piece * kReduceLeaf + find(data, n, value);
    } else {
      best.at = before;
    }
    if (++piece == pieces) {
      piece = 0;
      ++row;
    }
  }
  return best;
}

template <class T, int Sign>
void along(const View<const T>& x, const ReduceLayout& l, const Dims& reduced, const Dims& strides,
           std::int64_t* out) {
  View<const T> terms(x.data, reduced, strides);
  const Index columns = reduced.back();
  const Index leaves = l.terms / columns * ((columns + kReduceLeaf - 1) / kReduceLeaf);
  const Index block_leaves = std::max<Index>(1, kReduceGrain / std::min(columns, kReduceLeaf));
  const Index blocks = (leaves + block_leaves - 1) / block_leaves;
  const Index units = l.outputs * blocks;
  Buffer<Best<T>> parts(units);
  const bool alone = l.outputs * l.terms <= detail::kReduceAlone;
  const Index grain = alone ? units : std::max<Index>(1, kReduceGrain / std::min(l.terms, kReduceGrain));
  parallel_for(units, grain, [&](Index begin, Index end) {
    for (Index unit = begin; unit < end; ++unit) {
      View<const T> from = terms;
      from.data += *Offsets(l.kept, l.kept_strides[0], l.kept.size(), unit / blocks);
      const Index first = unit % blocks * block_leaves;
      parts[unit] = best_of<T, Sign>(from, first, std::min(first + block_leaves, leaves));
    }
  });
  Offsets to(l.kept, l.kept_strides[1], l.kept.size(), 0);
  for (Index i = 0; i < l.outputs; ++i, ++to) {
    Best<T> best;
    for (Index b = 0; b < blocks; ++b) {
      keep_better<T, Sign>(best, parts[i * blocks + b].value, parts[i * blocks + b].at);
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
  // In C order, whatever the layout: positions count that way.
  Dims reduced, strides;
  if (axis != nullptr) {
    const int i = checked_axis(op, *axis, x.ndim());
    reduced.push_back(x.shape[i]);
    strides.push_back(x.strides[i]);
  } else {
    reduced = x.shape;
    strides = x.strides;
    collapse(reduced, &strides, 1);
    if (reduced.size() == 0) {
      reduced.push_back(1);
      strides.push_back(1);
    }
  }
  along<T, Sign>(x, l, reduced, strides, out.data);
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
