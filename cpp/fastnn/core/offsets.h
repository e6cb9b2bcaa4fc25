// Steps through the elements of an array that its strides scatter over memory.
#pragma once

#include "fastnn/core/view.h"

namespace fastnn {

/// The offsets of the elements of shape[0 .. ndim), in C order from element `start` on.
class Offsets {
 public:
  Offsets(const Dims& shape, const Dims& strides, int ndim, Index start)
      : shape_(shape), strides_(strides), index_(shape), ndim_(ndim) {
    for (int i = ndim - 1; i >= 0; --i) {
      // The outermost takes what is left, also one past its end.
      index_[i] = i == 0 ? start : start % shape[i];
      start /= i == 0 ? 1 : shape[i];
      offset_ += index_[i] * strides[i];
    }
  }

  Index operator*() const { return offset_; }

  void operator++() {
    for (int i = ndim_ - 1; i >= 0; --i) {
      offset_ += strides_[i];
      if (++index_[i] < shape_[i] || i == 0) return;
      offset_ -= strides_[i] * shape_[i];
      index_[i] = 0;
    }
  }

 private:
  const Dims& shape_;
  const Dims& strides_;
  Dims index_;
  int ndim_;
  Index offset_ = 0;
};

}  // namespace fastnn
