// Lines of images as the convolution reads them: channels last, zeros where the kernel reaches beyond the
// image.
#pragma once

#include <algorithm>

#include "fastnn/core/parallel.h"
#include "fastnn/kernels/conv.h"
#include "fastnn/kernels/strided.h"
#include "fastnn/kernels/transpose.h"

namespace fastnn {

// Elements to copy that are worth a task of their own.
constexpr Index kPackWork = Index{1} << 15;

/// How lines along the last axis are read: where they lie, or from copies with borders.
template <class T>
class ConvLines {
 public:
  ConvLines(const ConvAxis& axis, const ConvImages<const T>& x, Index channels, bool copied = false)
      : direct(!copied && (x.channel == 1 || channels == 1) && axis.lowest() >= 0 &&
               axis.highest() < axis.in),
        first(direct ? 0 : axis.lowest()),
        pixel(direct ? x.at[2] : channels),
        in_(axis.in),
        length_(axis.highest() - first + 1),
        from_pixel_(x.at[2]),
        from_channel_(x.channel),
        channels_(channels) {}

  /// Elements of a copied line.
  Index size() const { return length_ * channels_; }

  /// Copies the line that begins at `from`.
  void copy(const T* from, T* to) const {
    const Index begin = std::clamp<Index>(first, 0, in_),
                end = std::clamp<Index>(first + length_, begin, in_);
    const Index before = begin - first, count = end - begin, rest = length_ - before - count;
    std::fill_n(to, std::min(before, length_) * channels_, T(0));
    if (count > 0) {
      to += before * channels_;
      from += begin * from_pixel_;
      if (from_channel_ == 1 && from_pixel_ == channels_) {
        std::copy_n(from, count * channels_, to);
      } else {
        copy_tile(from, from_pixel_, from_channel_, count, channels_, to);
      }
      std::fill_n(to + count * channels_, rest * channels_, T(0));
    }
  }

  const bool direct;
  const Index first;  // the input at which lines begin
  const Index pixel;  // from one to the next

 private:
  const Index in_, length_, from_pixel_, from_channel_, channels_;
};

/// to[f * channel + p * pixel] = from[p * filters + f].
template <class T>
void scatter_pixels(const T* from, Index pixels, Index filters, T* to, Index pixel, Index channel) {
  constexpr Index lanes = kLanes<T>;
  for (Index f = 0; f < filters; f += lanes) {
    const Index count = std::min(lanes, filters - f);
    Index p = 0;
    // Whole vectors are read, up to the end of the last pixel.
    for (; pixel == 1 && (p + lanes - 1) * filters + f + lanes <= pixels * filters; p += lanes) {
      Vec<T> square[lanes];
#pragma GCC unroll 16
      for (Index i = 0; i < lanes; ++i) square[i] = load(from + (p + i) * filters + f);
      transpose<T>(square);
#pragma GCC unroll 16
      for (Index i = 0; i < lanes; ++i) {
        if (i < count) store(to + (f + i) * channel + p, square[i]);
      }
    }
    for (; p < pixels; ++p) {
      for (Index i = f; i < f + count; ++i) to[i * channel + p * pixel] = from[p * filters + i];
    }
  }
}

/// to = the sum of `count` parts of `size` elements, in their order.
template <class T>
void add_up(const T* parts, Index count, Index size, T* to) {
  parallel_for(size, kPackWork, [&](Index begin, Index end) {
    std::copy(parts + begin, parts + end, to + begin);
    for (Index s = 1; s < count; ++s) {
      for (Index i = begin; i < end; ++i) to[i] += parts[s * size + i];
    }
  });
}

/// Whether all taps of a line of the kernel are one run of terms: their inputs lie side by side.
inline bool merges(const ConvAxis& width, Index pixel, Index groups, Index channels) {
  return groups == 1 && width.consecutive() && pixel == channels;
}

}  // namespace fastnn
