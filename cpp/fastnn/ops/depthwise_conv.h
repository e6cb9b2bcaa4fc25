// Convolution of each channel by itself: output channel c M + m is input channel c convolved with its m-th of
// M kernels.
#pragma once

#include <string>

#include "fastnn/core/activation.h"
#include "fastnn/core/view.h"

namespace fastnn {

/// How the windows of a depthwise convolution lie: one stride and one dilation per spatial dimension.
struct DepthwiseWindows {
  Dims strides, dilation_rate;
  std::string padding;  // "valid", or "same": the odd cell of zeros at the end
};

/// Shape of the result for inputs (batch, 1 to 3 spatial dimensions, channels) and kernel (spatial
/// dimensions, channels, multiplier); refuses what does not fit.
Dims depthwise_conv_shape(const Dims& inputs, const Dims& kernel, const DepthwiseWindows& windows);

/// bias (channels x multiplier,) may be null. y is C-contiguous, of shape depthwise_conv_shape.
template <class T>
void depthwise_conv_forward(const View<const T>& inputs, const View<const T>& kernel,
                            const View<const T>* bias, const DepthwiseWindows& windows, Activation activation,
                            const View<T>& y);

/// From the result y and its gradient dy. Each output is C-contiguous, or null where it is not wanted.
template <class T>
void depthwise_conv_backward(const View<const T>& inputs, const View<const T>& kernel, const View<const T>& y,
                             const View<const T>& dy, const DepthwiseWindows& windows, Activation activation,
                             const View<T>* dinputs, const View<T>* dkernel, const View<T>* dbias);

}  // namespace fastnn
