#include "fastnn/ops/dot_product_attention.h"

#include <algorithm>
#include <limits>

#include "fastnn/core/buffer.h"
#include "fastnn/core/check.h"
#include "fastnn/core/parallel.h"
#include "fastnn/core/shape.h"
#include "fastnn/kernels/contiguous.h"
#include "fastnn/kernels/gemm.h"
#include "fastnn/kernels/map.h"
#include "fastnn/kernels/math.h"
#include "fastnn/kernels/rows.h"

namespace fastnn {
namespace {

constexpr const char* kOp = "dot_product_attention";
// Scores that are worked on at once, so that they stay in the cache; at least so many rows of them, for the
// products' sake.
constexpr Index kScores = 16 * 1024;
constexpr Index kRows = 32;
// Multiplications that are worth handing to a thread.
constexpr Index kGrain = Index{1} << 18;
// A score that does not count: Keras's number.
template <class T>
constexpr T kMasked = static_cast<T>(-0.7 * 3.38953e38);

/// A matrix in an array: one head of it.
template <class T>
struct Matrix {
  T* data = nullptr;
  Index row = 0, col = 0;
  Matrix from(Index i) const { return {data + i * row, row, col}; }
};
template <class T>
Matrix<T> head_of(const View<T>& x, Index batch, Index head) {
  return {x.data + batch * x.strides[0] + head * x.strides[2], x.strides[1], x.strides[3]};
}
/// The same of an array (batch, heads, rows, columns).
template <class T>
Matrix<T> plane_of(const View<T>& x, Index batch, Index head) {
  return {x.data + batch * x.strides[0] + head * x.strides[1], x.strides[2], x.strides[3]};
}

/// c = a b, or a b^T, of a (m, k).
template <class T>
void product(Index m, Index n, Index k, const Matrix<const T>& a, const Matrix<const T>& b, T* c,
             Index c_row) {
  gemm<T>(m, n, k, a.data, a.row, a.col, b.data, b.row, b.col, c, c_row);
}
template <class T>
Matrix<const T> transposed(const Matrix<const T>& a) {
  return {a.data, a.col, a.row};
}

/// A call with its sizes, cut into blocks of queries.
template <class T>
class Heads {
 public:
  explicit Heads(const Attention<T>& x)
      : query(x.query),
        key(x.key),
        value(x.value),
        batch(query.shape[0]),
        queries(query.shape[1]),
        keys(key.shape[1]),
        heads(query.shape[2]),
        depth(query.shape[3]),
        value_depth(value.shape[3]),
        key_heads(key.shape[2]),
        shared(key_heads > 0 ? heads / key_heads : 0),
        scale_(x.scale),
        causal_(x.causal) {
    const Dims shape{batch, heads, queries, keys};
    const auto fits = [&](const char* name, const Dims& its) {
      bool ok = its.size() <= 4;
      for (int i = 1; ok && i <= its.size(); ++i) {
        ok = its[its.size() - i] == 1 || its[its.size() - i] == shape[4 - i];
      }
      check(ok, kOp, name, " must broadcast to (batch, heads, queries, keys) ", shape, "; received ", its);
    };
    if (x.bias != nullptr) {
      fits("bias", x.bias->shape);
      bias_ = broadcast_to(*x.bias, shape);
    }
    if (x.mask != nullptr) {
      fits("mask", x.mask->shape);
      mask_ = broadcast_to(*x.mask, shape);
    }
    const Index most = std::max(kScores / std::max<Index>(keys, 1), kRows);
    blocks = (queries + most - 1) / most;
    block = blocks > 0 ? (queries + blocks - 1) / blocks : 1;
  }

  Index rows_of(Index i) const { return std::min(block, queries - i * block); }
  /// How many keys the queries of a block see: without a mask or a bias, which may leave a query none of
  /// these, the others can be left out.
  Index columns_of(Index i) const {
    return causal_ && bias_.data == nullptr && mask_.data == nullptr ? std::min(keys, (i + 1) * block) : keys;
  }

  /// The scores of one block of queries of one head, (rows_of(i), columns).
  void scores(Index b, Index n, Index i, Index columns, T* s) const {
    const Index begin = i * block, rows = rows_of(i);
    product<T>(rows, columns, depth, head_of(query, b, n).from(begin),
               transposed(head_of(key, b, n / shared)), s, columns);
    for (Index r = 0; r < rows; ++r, s += columns) {
      for (Index j = 0; j < columns; ++j) s[j] *= scale_;
      if (bias_.data != nullptr) {
        const Matrix<const T> bias = plane_of(bias_, b, n).from(begin + r);
        each(columns, bias, [s](Index j, T added) { s[j] += added; });
      }
      if (mask_.data != nullptr) {
        const Matrix<const bool> mask = plane_of(mask_, b, n).from(begin + r);
        each(columns, mask, [s](Index j, bool counts) { s[j] = counts ? s[j] : kMasked<T>; });
      }
      if (causal_) std::fill(s + std::min(begin + r + 1, columns), s + columns, kMasked<T>);
    }
  }

  View<const T> query, key, value;
  Index batch, queries, keys, heads, depth, value_depth, key_heads;
  Index shared;         // heads that share a key head
  Index blocks, block;  // of queries

 private:
  template <class E, class F>
  static void each(Index n, const Matrix<const E>& row, F f) {
    if (row.col == 1) {  // a loop of its own, because this one is vectorised
      for (Index j = 0; j < n; ++j) f(j, row.data[j]);
    } else {
      for (Index j = 0; j < n; ++j) f(j, row.data[j * row.col]);
    }
  }

  View<const T> bias_;
  View<const bool> mask_;
  T scale_;
  bool causal_;
};

/// s = exp(s - max); returns the sum.
template <class T>
T exponentials(Index n, T max, T* s) {
  Vec<T> lanes{};
  Index j = 0;
  for (; j + kLanes<T> <= n; j += kLanes<T>) {
    const Vec<T> e = exp_bounded(load(s + j) - max);
    store(s + j, e);
    lanes += e;
  }
  if (j < n) {
    const Vec<T> e = exp_bounded(load_part(s + j, n - j, -std::numeric_limits<T>::infinity()) - max);
    store_part(s + j, e, n - j);
    lanes += e;
  }
  return detail::add_lanes<T>(lanes);
}

template <class T>
void forward_block(const Heads<T>& x, Index b, Index n, Index i, T* s, const View<T>& y,
                   const View<T>& stats) {
  const Index begin = i * x.block, rows = x.rows_of(i), columns = x.columns_of(i);
  x.scores(b, n, i, columns, s);
  const Matrix<T> out = head_of(y, b, n).from(begin);
  const Matrix<T> kept = plane_of(stats, b, n).from(begin);
  for (Index r = 0; r < rows; ++r) {
    T* row = s + r * columns;
    const T max = row_max(row, columns);
    kept.data[2 * r] = max;
    kept.data[2 * r + 1] = 1 / exponentials(columns, max, row);
  }
  product<T>(rows, x.value_depth, columns, {s, columns, 1}, head_of(x.value, b, n / x.shared), out.data,
             out.row);
  for (Index r = 0; r < rows; ++r) {
    for (Index j = 0; j < x.value_depth; ++j) out.data[r * out.row + j] *= kept.data[2 * r + 1];
  }
}

/// Adds up products of one shape in one place, the first of which is written there.
template <class T>
class Sum {
 public:
  Sum(const View<T>* to, Index b, Index head, Index rows, Index columns)
      : wanted_(to != nullptr), rows_(rows), columns_(columns) {
    if (wanted_) to_ = head_of(*to, b, head);
  }
  /// Adds a^T b, of the first `rows` rows, where a is (terms, rows); `scratch` has room for the product.
  void add(Index rows, Index terms, const Matrix<const T>& a, const Matrix<const T>& b, T* scratch) {
    if (!wanted_) return;
    if (fresh_) {
      product<T>(rows, columns_, terms, transposed(a), b, to_.data, to_.row);
      for (Index i = rows; i < rows_; ++i) std::fill_n(to_.data + i * to_.row, columns_, T(0));
      fresh_ = false;
      return;
    }
    product<T>(rows, columns_, terms, transposed(a), b, scratch, columns_);
    for (Index i = 0; i < rows; ++i) {
      for (Index j = 0; j < columns_; ++j) to_.data[i * to_.row + j] += scratch[i * columns_ + j];
    }
  }

 private:
  bool wanted_, fresh_ = true;
  Index rows_, columns_;
  Matrix<T> to_;
};

/// All that goes through one head of keys, so that its gradients are added in one order.
template <class T>
void backward_head(const Heads<T>& x, Index b, Index key_head, const View<const T>& y,
                   const View<const T>& stats, const View<const T>& dy, T scale,
                   const AttentionGradients<T>& dx) {
  Sum<T> dkey(dx.key, b, key_head, x.keys, x.depth), dvalue(dx.value, b, key_head, x.keys, x.value_depth);
  const Index largest = x.block * x.keys, heads = x.shared;
  Buffer<T> p_memory(largest), ds_memory(largest);
  Buffer<T> scratch(x.blocks * heads > 1 ? x.keys * std::max(x.depth, x.value_depth) : 0);
  T *const p = p_memory.data(), *const ds = ds_memory.data();
  const Matrix<const T> key = head_of(x.key, b, key_head), value = head_of(x.value, b, key_head);
  for (Index n = key_head * heads; n < (key_head + 1) * heads; ++n) {
    for (Index i = x.blocks - 1; i >= 0; --i) {  // the last block sees all keys that any sees
      const Index begin = i * x.block, rows = x.rows_of(i), columns = x.columns_of(i);
      const Matrix<const T> up = head_of(dy, b, n).from(begin), out = head_of(y, b, n).from(begin);
      const Matrix<const T> kept = plane_of(stats, b, n).from(begin);
      x.scores(b, n, i, columns, p);
      product<T>(rows, columns, x.value_depth, up, transposed(value), ds, columns);
      for (Index r = 0; r < rows; ++r) {
        const T max = kept.data[2 * r], inverse = kept.data[2 * r + 1];
        const T dot = row_dot(up.data + r * up.row, out.data + r * out.row, x.value_depth);
        T *probability = p + r * columns, *gradient = ds + r * columns;
        map(
            columns, probability, [=](auto v) { return exp_bounded(v - max) * inverse; },
            Contiguous<T>{probability});
        // Scores that do not count have no gradient, although they share the probability where none counts.
        if (max == kMasked<T>) {
          std::fill_n(gradient, columns, T(0));
        } else {
          for (Index j = 0; j < columns; ++j) gradient[j] = probability[j] * (gradient[j] - dot);
        }
        if (dx.scores != nullptr) {
          T* to = plane_of(*dx.scores, b, n).from(begin + r).data;
          std::fill(std::copy_n(gradient, columns, to), to + x.keys, T(0));
        }
        for (Index j = 0; j < columns; ++j) gradient[j] *= scale;
      }
      if (dx.query != nullptr) {
        const Matrix<T> to = head_of(*dx.query, b, n).from(begin);
        product<T>(rows, x.depth, columns, {ds, columns, 1}, key, to.data, to.row);
      }
      dvalue.add(columns, rows, {p, columns, 1}, up, scratch.data());
      dkey.add(columns, rows, {ds, columns, 1}, head_of(x.query, b, n).from(begin), scratch.data());
    }
  }
}

}  // namespace

Dims attention_shape(const Dims& query, const Dims& key, const Dims& value) {
  const auto all = [&] {
    return "; received query " + to_string(query) + ", key " + to_string(key) + ", value " + to_string(value);
  };
  check(query.size() == 4 && key.size() == 4 && value.size() == 4, kOp,
        "query, key and value must have four dimensions (batch, time, heads, depth)", all());
  check(query[0] == key[0] && query[0] == value[0], kOp, "the batch sizes must be equal", all());
  check(key[1] == value[1] && key[2] == value[2], kOp,
        "key and value must have the same times and the same heads", all());
  check(query[3] == key[3] && query[3] > 0, kOp, "query and key must have the same depth, at least 1", all());
  check(key[2] > 0 ? query[2] % key[2] == 0 : query[2] == 0, kOp,
        "the heads of query must be a multiple of those of key", all());
  return {query[0], query[1], query[2], value[3]};
}

template <class T>
void attention_forward(const Attention<T>& x, const View<T>& y, const View<T>& rows) {
  check_shape(kOp, "y", y.shape, attention_shape(x.query.shape, x.key.shape, x.value.shape));
  const Heads<T> h(x);
  check_shape(kOp, "rows", rows.shape, {h.batch, h.heads, h.queries, 2});
  if (h.keys == 0 || h.value_depth == 0) {
    std::fill_n(y.data, y.size(), T(0));
    std::fill_n(rows.data, rows.size(), T(0));
    return;
  }
  const Index tasks = h.batch * h.heads * h.blocks;
  const Index work = h.block * h.keys * (h.depth + h.value_depth);
  parallel_for(tasks, std::max<Index>(1, kGrain / work), [&](Index begin, Index end) {
    Buffer<T> s(h.block * h.keys);
    for (Index task = begin; task < end; ++task) {
      const Index head = task / h.blocks;
      forward_block(h, head / h.heads, head % h.heads, task % h.blocks, s.data(), y, rows);
    }
  });
}

template <class T>
void attention_backward(const Attention<T>& x, const View<const T>& y, const View<const T>& rows,
                        const View<const T>& dy, const AttentionGradients<T>& dx) {
  const Dims shape = attention_shape(x.query.shape, x.key.shape, x.value.shape);
  check_shape(kOp, "y", y.shape, shape);
  check_shape(kOp, "dy", dy.shape, shape);
  const Heads<T> h(x);
  check_shape(kOp, "rows", rows.shape, {h.batch, h.heads, h.queries, 2});
  if (h.queries == 0 || h.keys == 0 || h.value_depth == 0) {
    for (const View<T>* out : {dx.query, dx.key, dx.value, dx.scores}) {
      if (out != nullptr) std::fill_n(out->data, out->size(), T(0));
    }
    return;
  }
  const InOrder<T> packed_y(y), packed_rows(rows), packed_dy(dy);
  const View<const T> out(packed_y.data(), shape), stats(packed_rows.data(), rows.shape),
      up(packed_dy.data(), shape);
  const Index work = h.shared * h.queries * h.keys * (h.depth + h.value_depth);
  parallel_for(h.batch * h.key_heads, std::max<Index>(1, kGrain / std::max<Index>(work, 1)),
               [&](Index begin, Index end) {
                 for (Index head = begin; head < end; ++head) {
                   backward_head(h, head / h.key_heads, head % h.key_heads, out, stats, up, x.scale, dx);
                 }
               });
}

#define FASTNN_INSTANTIATE(T)                                                                       \
  template void attention_forward(const Attention<T>&, const View<T>&, const View<T>&);             \
  template void attention_backward(const Attention<T>&, const View<const T>&, const View<const T>&, \
                                   const View<const T>&, const AttentionGradients<T>&);
FASTNN_INSTANTIATE(float)
FASTNN_INSTANTIATE(double)
#undef FASTNN_INSTANTIATE

}  // namespace fastnn
