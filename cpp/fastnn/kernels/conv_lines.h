// Lines of images as the convolution reads them: channels last, zeros where the kernel reaches beyond the
// image.
#pragma once

#include <algorithm>

#include "fastnn/kernels/conv.h"
#include "fastnn/kernels/strided.h"

namespace fastnn {

// Elements to copy that are worth a task of their own.
constexpr Index kPackWork = Index{1} << 15;

/// How lines along the last axis are read: where they lie, or from copies with borders.
template <class T>
class Lines {
 public:
  Lines(const Axis& axis, const Images<const T>& x, Index channels, bool copied = false)
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
void scatter(const T* from, Index pixels, Index filters, T* to, Index pixel, Index channel) {
  constexpr Index lanes = kLanes<T>;
  const Index whole_pixels = pixel == 1 ? pixels - pixels % lanes : 0,
              whole_filters = filters - filters % lanes;
  for (Index f = 0; f < whole_filters; f += lanes) {
    for (Index p = 0; p < whole_pixels; p += lanes) {
      transpose_square(from + p * filters + f, filters, to + f * channel + p, channel);
    }
  }
  for (Index p = 0; p < pixels; ++p) {
    for (Index f = p < whole_pixels ? whole_filters : 0; f < filters; ++f) {
      to[f * channel + p * pixel] = from[p * filters + f];
    }
  }
}

/// The terms of one run: all taps of a line of the kernel, where their inputs lie side by side.
template <class T>
bool merges(const Axis& width, const Lines<T>& lines, Index groups, Index channels) {
  return groups == 1 && width.consecutive() && lines.pixel == channels;
}

}  // namespace fastnn
