// Strided arrays laid out in C order, for loops that want rows without gaps.
#pragma once

#include <algorithm>
#include <optional>

#include "fastnn/core/buffer.h"
#include "fastnn/core/view.h"

namespace fastnn {

/// Copies `ndim` dimensions of strided elements to contiguous memory, converting each; returns the end of
/// what was written. Checks nothing; `out` must not overlap `x`.
template <class From, class To>
To* copy_strided(const From* x, const Index* shape, const Index* strides, int ndim, To* out) {
  if (ndim == 0) {
    *out = static_cast<To>(*x);
    return out + 1;
  }
  const Index n = shape[0], step = strides[0];
  if (ndim > 1) {
    for (Index i = 0; i < n; ++i) out = copy_strided(x + i * step, shape + 1, strides + 1, ndim - 1, out);
    return out;
  }
  if (step == 1) {  // a loop of its own, because this one is vectorised
    for (Index i = 0; i < n; ++i) out[i] = static_cast<To>(x[i]);
  } else {
    for (Index i = 0; i < n; ++i) out[i] = static_cast<To>(x[i * step]);
  }
  return out + n;
}

/// The elements of a view in C order: the view's own memory where it lies so, otherwise a copy.
template <class T>
class InOrder {
 public:
  explicit InOrder(const View<const T>& x) : data_(x.data) {
    if (x.is_contiguous()) return;
    copy_.emplace(x.size());
    copy_strided(x.data, x.shape.begin(), x.strides.begin(), x.ndim(), copy_->data());
    data_ = copy_->data();
  }
  const T* data() const { return data_; }

 private:
  const T* data_;
  std::optional<Buffer<T>> copy_;
};

}  // namespace fastnn
