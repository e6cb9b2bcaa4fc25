// ReLU, sigmoid and tanh over arrays of any layout. The backward functions take the forward result y.
#pragma once

#include "fastnn/core/activation.h"
#include "fastnn/core/view.h"

namespace fastnn {

/// y = activation(x). y has x's shape, fills its memory without gaps (its dimensions in any order) and
/// does not overlap x.
template <class T>
void activation_forward(Activation activation, const View<const T>& x, const View<T>& y);

/// dx, laid out as y of activation_forward, from y and dy of the same shape.
template <class T>
void activation_backward(Activation activation, const View<const T>& y, const View<const T>& dy,
                         const View<T>& dx);

}  // namespace fastnn
