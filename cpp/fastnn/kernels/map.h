// A function of vectors over contiguous arrays. The last, incomplete vector is padded, never a loop of
// scalars: an element gets the same bits wherever in an array it stands.
#pragma once

#include "fastnn/kernels/vector.h"

namespace fastnn {

/// y[i] = f(x[i]); y may be x.
template <class T, class F>
inline void map(Index n, const T* x, T* y, F f) {
  Index i = 0;
  for (; i + kLanes<T> <= n; i += kLanes<T>) store(y + i, f(load(x + i)));
  if (i < n) store_part(y + i, f(load_part(x + i, n - i)), n - i);
}

/// y[i] = f(a[i], b[i]); y may be a or b.
template <class T, class F>
inline void map(Index n, const T* a, const T* b, T* y, F f) {
  Index i = 0;
  for (; i + kLanes<T> <= n; i += kLanes<T>) store(y + i, f(load(a + i), load(b + i)));
  if (i < n) store_part(y + i, f(load_part(a + i, n - i), load_part(b + i, n - i)), n - i);
}

}  // namespace fastnn
