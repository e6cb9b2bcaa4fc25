// Convolution in 1, 2 or 3 spatial dimensions (a correlation, as in every network library), and its two
// gradients, of which each is a derivative of the others.
#pragma once

#include <string>

#include "fastnn/core/activation.h"
#include "fastnn/core/view.h"

namespace fastnn {

/// How a kernel moves over images: one value per spatial dimension.
struct Convolution {
  Dims strides, dilation;
  Dims before, after;  // zeros around the images; negative: what is cut off
  bool channels_first = false;
};

/// The zeros that Keras's padding puts around images: none for "valid"; for "same" as many as make ceil(in /
/// stride) outputs, the odd one after. Fills before and after; refuses other names and what does not fit.
void set_padding(const char* op, const std::string& padding, const Dims& x, const Dims& kernel,
                 Convolution& convolution);

/// Shape of the result for x (batch, ..., in) or (batch, in, ...) and kernel (..., in / groups, filters);
/// refuses what does not fit.
Dims conv_shape(const char* op, const Dims& x, const Dims& kernel, const Convolution& convolution);

/// y = activation(x * kernel + bias); bias (filters,) may be null. y is C-contiguous, of shape conv_shape.
template <class T>
void conv_forward(const char* op, const View<const T>& x, const View<const T>& kernel,
                  const View<const T>* bias, Activation activation, const Convolution& convolution,
                  const View<T>& y);

/// The gradient with respect to x, of the shape of dx, which is C-contiguous.
template <class T>
void conv_input_gradient(const char* op, const View<const T>& dy, const View<const T>& kernel,
                         const Convolution& convolution, const View<T>& dx);

/// The gradient with respect to the kernel, of the shape of dkernel, which is C-contiguous.
template <class T>
void conv_kernel_gradient(const char* op, const View<const T>& x, const View<const T>& dy,
                          const Convolution& convolution, const View<T>& dkernel);

/// From the result y of conv_forward and its gradient dy, with dz = dy act'(z): the gradients of all operands
/// from dz. Each is C-contiguous, or null where it is not wanted.
template <class T>
void conv_backward(const char* op, const View<const T>& x, const View<const T>& kernel,
                   const View<const T>& y, const View<const T>& dy, Activation activation,
                   const Convolution& convolution, const View<T>* dx, const View<T>* dkernel,
                   const View<T>* dbias);

}  // namespace fastnn
