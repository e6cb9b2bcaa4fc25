// Convolutions to few filters: see conv_few.cpp.
#pragma once

#include "fastnn/kernels/conv.h"
#include "fastnn/kernels/gemm_tile.h"

namespace fastnn {

/// Whether vectors along the filters would leave more lanes empty than vectors along outputs with borders.
template <class T>
bool fills_few_lanes(const Correlation<T>& c) {
  const ConvAxis& width = c.axes[2];
  const Index length = width.highest() - width.lowest() + 1;
  return c.groups == 1 && width.step == 1 && c.axes[1].step == 1 && c.filters <= kTileRows &&
         4 * c.filters * length <= 3 * kLanes<T> * width.out;
}

/// correlate() of those.
template <class T>
void correlate_few(const Correlation<T>& c);

/// The same question for the gradient of the kernel, whose vectors then run along the terms, which are
/// outputs.
template <class T>
bool fills_few_lanes(const KernelGradient<T>& c) {
  return c.groups == 1 && c.axes[2].step == 1 && c.axes[1].step == 1 && 2 * c.filters <= kLanes<T> &&
         c.axes[2].out >= kLanes<T>;
}

template <class T>
void kernel_gradient_few(const KernelGradient<T>& c);

}  // namespace fastnn
