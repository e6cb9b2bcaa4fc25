// A dense layer in one call each way: y = activation(x kernel + bias).
#pragma once

#include <string>

#include "fastnn/core/activation.h"
#include "fastnn/core/view.h"

namespace fastnn {

/// Refuses a name that it does not know, naming those it does.
Activation activation_named(const char* op, const std::string& name);

/// Shape of the result for x (..., in) and kernel (in, units); refuses shapes that do not fit.
Dims dense_shape(const Dims& x, const Dims& kernel);

/// bias (units,) may be null. y is C-contiguous, of shape dense_shape.
template <class T>
void dense_forward(const View<const T>& x, const View<const T>& kernel, const View<const T>* bias,
                   Activation activation, const View<T>& y);

/// From the result y and its gradient dy, with dz = dy act'(z):
/// dx = dz kernel^T, dkernel = x^T dz, dbias = the sum of dz's rows. Each output is C-contiguous, or null
/// where it is not wanted.
template <class T>
void dense_backward(const View<const T>& x, const View<const T>& kernel, const View<const T>& y,
                    const View<const T>& dy, Activation activation, const View<T>* dx, const View<T>* dkernel,
                    const View<T>* dbias);

}  // namespace fastnn
