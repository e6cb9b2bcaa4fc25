// Reductions of one contiguous row. The order of addition depends on the row's length alone: a row gives
// the same bits wherever it stands.
#pragma once

#include <limits>

#include "fastnn/kernels/vector.h"

namespace fastnn {

namespace detail {
template <class T>
inline T add_lanes(Vec<T> v) {
  T sum = v[0];
  for (Index i = 1; i < kLanes<T>; ++i) sum += v[i];
  return sum;
}
}  // namespace detail

/// The largest element, -infinity for none. NaN is passed over: callers let it flow by x - max.
template <class T>
inline T row_max(const T* x, Index n) {
  T max = -std::numeric_limits<T>::infinity();
  Index i = 0;
  if (n >= kLanes<T>) {
    Vec<T> lanes = load(x);
    for (i = kLanes<T>; i + kLanes<T> <= n; i += kLanes<T>) {
      const Vec<T> v = load(x + i);
      lanes = v > lanes ? v : lanes;
    }
    for (Index k = 0; k < kLanes<T>; ++k) max = lanes[k] > max ? lanes[k] : max;
  }
  for (; i < n; ++i) max = x[i] > max ? x[i] : max;
  return max;
}

template <class T>
inline T row_sum(const T* x, Index n) {
  T sum = 0;
  Index i = 0;
  if (n >= kLanes<T>) {
    Vec<T> lanes = load(x);
    for (i = kLanes<T>; i + kLanes<T> <= n; i += kLanes<T>) lanes += load(x + i);
    sum = detail::add_lanes<T>(lanes);
  }
  for (; i < n; ++i) sum += x[i];
  return sum;
}

/// Sum of a[i] b[i].
template <class T>
inline T row_dot(const T* a, const T* b, Index n) {
  T sum = 0;
  Index i = 0;
  if (n >= kLanes<T>) {
    Vec<T> lanes = load(a) * load(b);
    for (i = kLanes<T>; i + kLanes<T> <= n; i += kLanes<T>) lanes += load(a + i) * load(b + i);
    sum = detail::add_lanes<T>(lanes);
  }
  for (; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

/// Sum of (a[i] - b[i])^2.
template <class T>
inline T row_squared_distance(const T* a, const T* b, Index n) {
  T sum = 0;
  Index i = 0;
  Vec<T> lanes{};
  for (; i + kLanes<T> <= n; i += kLanes<T>) {
    const Vec<T> d = load(a + i) - load(b + i);
    lanes += d * d;
  }
  if (n >= kLanes<T>) sum = detail::add_lanes<T>(lanes);
  for (; i < n; ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

}  // namespace fastnn
