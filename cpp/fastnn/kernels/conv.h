// The convolution kernels, over images of three spatial dimensions: those that are missing have the size 1.
#pragma once

#include <vector>

#include "fastnn/core/view.h"
#include "fastnn/kernels/gemm.h"

namespace fastnn {

/// Output o of a tap of the kernel reads input o * step + offset.
struct ConvTap {
  Index tap, offset;
};

/// What is done along one spatial dimension: inputs outside [0, in) read as 0. Taps, at least one, are in the
/// order of their offsets.
struct ConvAxis {
  Index in, out, step;
  std::vector<ConvTap> taps;

  Index size() const { return static_cast<Index>(taps.size()); }
  /// The inputs that are read lie in [lowest, highest], in or outside of the image.
  Index lowest() const { return taps.front().offset; }
  Index highest() const { return (out - 1) * step + taps.back().offset; }
  bool consecutive() const { return taps.back().offset - taps.front().offset + 1 == size(); }
};

/// Images of any strides (of images, spatial dimensions and channels, in elements).
template <class T>
struct ConvImages {
  T* data;
  Index image, at[3], channel;
};

/// y(n, o, g, f) = activation(bias(g, f) + the sum of x(n, o * step + offset(t), g, c) kernel(t, g, c, f)
/// over taps t and channels c), where g numbers groups of channels that do not mix.
template <class T>
struct Correlation {
  ConvAxis axes[3];
  Index images, groups, channels, filters;  // the last two of each group
  ConvImages<const T> x;
  const T* kernel;
  const T* kernel_end;                                               // of its memory
  Index kernel_tap[3], kernel_group, kernel_channel, kernel_filter;  // strides, one of the last two 1
  ConvImages<T> y;                                                   // overlaps no operand
  Epilogue<T> epilogue;
};

/// Checks nothing. Same bits at any thread count.
template <class T>
void correlate(const Correlation<T>& c);

/// dkernel(t, c, g, f) = the sum of x(n, o * step + offset(t), g, c) dy(n, o, g, f) over images and outputs.
template <class T>
struct KernelGradient {
  ConvAxis axes[3];  // all taps, each in its place
  Index images, groups, channels, filters;
  ConvImages<const T> x;
  const T* dy;  // contiguous, channels last; up to a vector can be read beyond its end
  T* dkernel;   // contiguous
};

template <class T>
void kernel_gradient(const KernelGradient<T>& c);

}  // namespace fastnn
