#include "fastnn/ops/metrics.h"

#include <algorithm>
#include <atomic>

#include "fastnn/core/check.h"
#include "fastnn/core/parallel.h"
#include "fastnn/kernels/contiguous.h"

namespace fastnn {
namespace {

constexpr Index kBlock = 32 * 1024;  // elements that pay for another thread

template <class T>
Index argmax(const T* x, Index n) {
  Index best = 0;
  for (Index j = 0; j < n; ++j) {
    if (x[j] != x[j]) return j;
    if (x[j] > x[best]) best = j;
  }
  return best;
}

// Number of i in [0, n) for which matches(i). Whole numbers may be added in any order.
template <class F>
Index count(Index n, Index cost, F matches) {
  std::atomic<Index> total{0};
  parallel_for(n, std::max<Index>(1, kBlock / std::max<Index>(1, cost)), [&](Index begin, Index end) {
    Index found = 0;
    for (Index i = begin; i < end; ++i) found += matches(i) ? 1 : 0;
    total += found;
  });
  return total;
}

Index classes(const char* op, const Dims& y_pred) {
  check(y_pred.size() >= 1 && y_pred.back() > 0, op,
        "y_pred must have a last dimension of at least one class; received shape ", y_pred);
  return y_pred.back();
}

}  // namespace

template <class T>
Index categorical_matches(const View<const T>& y_true, const View<const T>& y_pred) {
  constexpr const char* op = "categorical_matches";
  check_shape(op, "y_true", y_true.shape, y_pred.shape);
  const Index n = classes(op, y_pred.shape);
  const InOrder<T> packed_true(y_true), packed_pred(y_pred);
  const T* t = packed_true.data();
  const T* p = packed_pred.data();
  return count(y_pred.size() / n, n, [=](Index i) { return argmax(t + i * n, n) == argmax(p + i * n, n); });
}

template <class T>
Index sparse_categorical_matches(const View<const std::int64_t>& labels, const View<const T>& y_pred) {
  constexpr const char* op = "sparse_categorical_matches";
  const Index n = classes(op, y_pred.shape);
  Dims rows = y_pred.shape;
  rows.pop_back();
  Dims column = rows;
  column.push_back(1);
  check(labels.shape == rows || labels.shape == column, op, "labels.shape must be y_pred.shape[:-1], ", rows,
        "; received ", labels.shape);
  const InOrder<std::int64_t> packed_labels(labels);
  const InOrder<T> packed_pred(y_pred);
  const std::int64_t* label = packed_labels.data();
  const T* p = packed_pred.data();
  return count(y_pred.size() / n, n, [=](Index i) { return label[i] == argmax(p + i * n, n); });
}

template <class T>
Index binary_matches(const View<const T>& y_true, const View<const T>& y_pred, T threshold) {
  check_shape("binary_matches", "y_true", y_true.shape, y_pred.shape);
  const InOrder<T> packed_true(y_true), packed_pred(y_pred);
  const T* t = packed_true.data();
  const T* p = packed_pred.data();
  return count(y_pred.size(), 1, [=](Index i) { return t[i] == (p[i] > threshold ? T{1} : T{0}); });
}

#define FASTNN_METRICS(T)                                                                           \
  template Index categorical_matches(const View<const T>&, const View<const T>&);                   \
  template Index sparse_categorical_matches(const View<const std::int64_t>&, const View<const T>&); \
  template Index binary_matches(const View<const T>&, const View<const T>&, T);
FASTNN_METRICS(float)
FASTNN_METRICS(double)
#undef FASTNN_METRICS

}  // namespace fastnn
