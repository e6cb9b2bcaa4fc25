#include "fastnn/ops/cross_entropy.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "fastnn/core/check.h"
#include "fastnn/core/parallel.h"
#include "fastnn/kernels/contiguous.h"
#include "fastnn/kernels/math.h"
#include "fastnn/kernels/probability.h"
#include "fastnn/kernels/rows.h"

namespace fastnn {
namespace {

constexpr const char* kCategorical = "categorical_crossentropy";
constexpr const char* kSparse = "sparse_categorical_crossentropy";
constexpr Index kBlock = 8 * 1024;  // elements that pay for another thread

// The two kinds of target of a row: weights given, or 1 at one label.
template <class T>
struct DenseTarget {
  const T* weights;
  Index n;
  T operator()(Index row, Index j) const { return weights[row * n + j]; }
  T sum(Index row) const { return row_sum(weights + row * n, n); }
  // Calls f(j, weight) where the weight is not 0.
  template <class F>
  void for_each(Index row, F f) const {
    for (Index j = 0; j < n; ++j) {
      const T weight = weights[row * n + j];
      if (weight != 0) f(j, weight);
    }
  }
};
template <class T>
struct LabelTarget {
  const std::int64_t* labels;
  T operator()(Index row, Index j) const { return j == labels[row] ? T{1} : T{0}; }
  T sum(Index) const { return 1; }
  template <class F>
  void for_each(Index row, F f) const {
    f(labels[row], T{1});
  }
};

// Sum of exp(x - max) of a row; where `e` is given, the terms are left there.
template <class T>
T sum_exp(const T* x, T max, Index n, T* e) {
  Vec<T> sum{};
  Index i = 0;
  for (; i + kLanes<T> <= n; i += kLanes<T>) {
    const Vec<T> v = exp_bounded(load(x + i) - max);
    if (e != nullptr) store(e + i, v);
    sum += v;
  }
  if (i < n) {
    const Vec<T> v = exp_bounded(load_part(x + i, n - i, -std::numeric_limits<T>::infinity()) - max);
    if (e != nullptr) store_part(e + i, v, n - i);
    sum += v;
  }
  return detail::add_lanes<T>(sum);
}

template <class T, class Target>
T loss_of_logits(const T* x, Index n, const Target& target, Index row) {
  const T max = row_max(x, n);
  const T log_sum = std::log(sum_exp<T>(x, max, n, nullptr));
  T loss = 0;
  target.for_each(row, [&](Index j, T weight) { loss += weight * (log_sum - (x[j] - max)); });
  return loss;
}

template <class T, class Target>
T loss_of_probabilities(const T* p, Index n, const Target& target, Index row) {
  const T sum = row_sum(p, n);
  T loss = 0;
  target.for_each(row,
                  [&](Index j, T weight) { loss -= weight * std::log(clip_probability<T>(p[j] / sum)); });
  return loss;
}

template <class T, class Target>
void gradient_of_logits(const T* x, Index n, const Target& target, Index row, T dy, T* dx) {
  const T scale = target.sum(row) / sum_exp(x, row_max(x, n), n, dx);
  for (Index j = 0; j < n; ++j) dx[j] = (dx[j] * scale - target(row, j)) * dy;
}

template <class T, class Target>
void gradient_of_probabilities(const T* p, Index n, const Target& target, Index row, T dy, T* dx) {
  // With q = p / sum: d loss / dq = -weight / q where q is not clipped, then through the division.
  const T sum = row_sum(p, n);
  T dot = 0;
  target.for_each(row, [&](Index j, T weight) { dot -= unclipped<T>(p[j] / sum, weight); });
  for (Index j = 0; j < n; ++j) dx[j] = -dot / sum * dy;
  target.for_each(row, [&](Index j, T weight) {
    const T q = p[j] / sum;
    dx[j] = (unclipped<T>(q, -weight / clip_probability<T>(q)) - dot) / sum * dy;
  });
}

// A prediction seen as rows of classes.
struct Rows {
  Dims outer;  // output.shape[:-1]
  Index rows = 1, n = 0;
  Rows(const char* op, const Dims& output) : outer(output) {
    check(output.size() >= 1, op, "output must have at least one dimension; received shape ", output);
    n = output.back();
    outer.pop_back();
    for (const Index d : outer) rows *= d;
  }
  template <class F>
  void for_each(F f) const {
    parallel_for(rows, std::max<Index>(1, kBlock / std::max<Index>(1, n)), [&](Index begin, Index end) {
      for (Index row = begin; row < end; ++row) f(row);
    });
  }
};

template <class T, class Target>
void forward(const Rows& size, const Target& target, const View<const T>& output, bool from_logits,
             const View<T>& losses) {
  const InOrder<T> packed(output);
  const T* x = packed.data();
  size.for_each([&](Index row) {
    const T* at = x + row * size.n;
    losses.data[row] = from_logits ? loss_of_logits(at, size.n, target, row)
                                   : loss_of_probabilities(at, size.n, target, row);
  });
}

enum class Of { probabilities, logits, softmax };

template <class T, class Target>
void backward(const char* op, const Rows& size, const Target& target, const View<const T>& output,
              const View<const T>& dy, Of of, const View<T>& dx) {
  check_shape(op, "dy", dy.shape, size.outer);
  check_shape(op, "dx", dx.shape, output.shape);
  const InOrder<T> packed(output), packed_dy(dy);
  const T* x = packed.data();
  const T* upstream = packed_dy.data();
  size.for_each([&](Index row) {
    const T* at = x + row * size.n;
    T* to = dx.data + row * size.n;
    if (of == Of::probabilities) {
      gradient_of_probabilities(at, size.n, target, row, upstream[row], to);
    } else if (of == Of::logits) {
      gradient_of_logits(at, size.n, target, row, upstream[row], to);
    } else {
      const T sum = target.sum(row), scale = upstream[row];
      for (Index j = 0; j < size.n; ++j) to[j] = (at[j] * sum - target(row, j)) * scale;
    }
  });
}

Of kind(bool from_logits) { return from_logits ? Of::logits : Of::probabilities; }

void check_labels(const Rows& size, const Dims& shape, const std::int64_t* labels) {
  Dims column = size.outer;
  column.push_back(1);
  check(shape == size.outer || shape == column, kSparse, "labels.shape must be output.shape[:-1], ",
        size.outer, "; received ", shape);
  for (Index i = 0; i < size.rows; ++i) {
    check(0 <= labels[i] && labels[i] < size.n, kSparse, "labels must lie in [0, ", size.n,
          ") for output of ", size.n, " classes; received ", labels[i], " at position ", i);
  }
}

}  // namespace

template <class T>
void categorical_crossentropy_forward(const View<const T>& target, const View<const T>& output,
                                      bool from_logits, const View<T>& losses) {
  const Rows size(kCategorical, output.shape);
  check_shape(kCategorical, "target", target.shape, output.shape);
  check_shape(kCategorical, "losses", losses.shape, size.outer);
  const InOrder<T> weights(target);
  forward(size, DenseTarget<T>{weights.data(), size.n}, output, from_logits, losses);
}

template <class T>
void categorical_crossentropy_backward(const View<const T>& target, const View<const T>& output,
                                       const View<const T>& dy, bool from_logits, const View<T>& dx) {
  const Rows size(kCategorical, output.shape);
  check_shape(kCategorical, "target", target.shape, output.shape);
  const InOrder<T> weights(target);
  backward(kCategorical, size, DenseTarget<T>{weights.data(), size.n}, output, dy, kind(from_logits), dx);
}

template <class T>
void softmax_categorical_crossentropy_backward(const View<const T>& target, const View<const T>& y,
                                               const View<const T>& dy, const View<T>& dx) {
  const Rows size(kCategorical, y.shape);
  check_shape(kCategorical, "target", target.shape, y.shape);
  const InOrder<T> weights(target);
  backward(kCategorical, size, DenseTarget<T>{weights.data(), size.n}, y, dy, Of::softmax, dx);
}

template <class T>
void sparse_categorical_crossentropy_forward(const View<const std::int64_t>& labels,
                                             const View<const T>& output, bool from_logits,
                                             const View<T>& losses) {
  const Rows size(kSparse, output.shape);
  check_shape(kSparse, "losses", losses.shape, size.outer);
  const InOrder<std::int64_t> packed(labels);
  check_labels(size, labels.shape, packed.data());
  forward(size, LabelTarget<T>{packed.data()}, output, from_logits, losses);
}

template <class T>
void sparse_categorical_crossentropy_backward(const View<const std::int64_t>& labels,
                                              const View<const T>& output, const View<const T>& dy,
                                              bool from_logits, const View<T>& dx) {
  const Rows size(kSparse, output.shape);
  const InOrder<std::int64_t> packed(labels);
  check_labels(size, labels.shape, packed.data());
  backward(kSparse, size, LabelTarget<T>{packed.data()}, output, dy, kind(from_logits), dx);
}

template <class T>
void softmax_sparse_categorical_crossentropy_backward(const View<const std::int64_t>& labels,
                                                      const View<const T>& y, const View<const T>& dy,
                                                      const View<T>& dx) {
  const Rows size(kSparse, y.shape);
  const InOrder<std::int64_t> packed(labels);
  check_labels(size, labels.shape, packed.data());
  backward(kSparse, size, LabelTarget<T>{packed.data()}, y, dy, Of::softmax, dx);
}

bool labels_fit(const View<const std::int64_t>& labels, Index classes) {
  const InOrder<std::int64_t> packed(labels);
  const std::int64_t* label = packed.data();
  bool fit = true;
  for (Index i = 0, n = labels.size(); i < n; ++i) fit = fit && 0 <= label[i] && label[i] < classes;
  return fit;
}

#define FASTNN_CROSS_ENTROPY(T)                                                                           \
  template void categorical_crossentropy_forward(const View<const T>&, const View<const T>&, bool,        \
                                                 const View<T>&);                                         \
  template void categorical_crossentropy_backward(const View<const T>&, const View<const T>&,             \
                                                  const View<const T>&, bool, const View<T>&);            \
  template void softmax_categorical_crossentropy_backward(const View<const T>&, const View<const T>&,     \
                                                          const View<const T>&, const View<T>&);          \
  template void sparse_categorical_crossentropy_forward(const View<const std::int64_t>&,                  \
                                                        const View<const T>&, bool, const View<T>&);      \
  template void sparse_categorical_crossentropy_backward(                                                 \
      const View<const std::int64_t>&, const View<const T>&, const View<const T>&, bool, const View<T>&); \
  template void softmax_sparse_categorical_crossentropy_backward(                                         \
      const View<const std::int64_t>&, const View<const T>&, const View<const T>&, const View<T>&);
FASTNN_CROSS_ENTROPY(float)
FASTNN_CROSS_ENTROPY(double)
#undef FASTNN_CROSS_ENTROPY

}  // namespace fastnn
