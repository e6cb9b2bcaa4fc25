// Windows laid over images: where they begin, and how much of each lies inside.
#pragma once

#include <algorithm>

#include "fastnn/core/view.h"

namespace fastnn {

/// Where windows lie; images of fewer than three dimensions have size 1 in the first ones. `before` is what
/// padding adds in front; every window holds an element of the image.
struct Windows {
  struct Range {
    Index begin, end;
  };
  /// The part of window `o` that lies inside the image, counted from the window's start.
  Range inside(int d, Index o) const {
    const Index start = o * stride[d] - before[d];
    return {std::max<Index>(0, -start), std::min(size[d], in[d] - start)};
  }
  /// The windows that hold element `i`.
  Range around(int d, Index i) const {
    const Index at = i + before[d];
    return {at < size[d] ? 0 : (at - size[d]) / stride[d] + 1, std::min(at / stride[d] + 1, out[d])};
  }
  /// The first element of row (i, j) of image n.
  Index in_row(Index n, Index i, Index j) const { return ((n * in[0] + i) * in[1] + j) * in[2] * channels; }
  Index out_row(Index n, Index i, Index j) const {
    return ((n * out[0] + i) * out[1] + j) * out[2] * channels;
  }
  Index inputs() const { return in_row(batch, 0, 0); }
  Index outputs() const { return out_row(batch, 0, 0); }

  Index batch, channels;
  Index in[3], out[3], size[3], stride[3], before[3];
};

}  // namespace fastnn
