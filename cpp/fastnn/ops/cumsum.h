// Running sums along one axis.
#pragma once

#include "fastnn/core/view.h"

namespace fastnn {

/// out[i] = x[0] + ... + x[i] along `axis`, added in float64. out has the shape of x and is contiguous; if
/// axis is null it has one dimension, for all elements of x in C order.
template <class T>
void cumsum(const View<const T>& x, const Index* axis, const View<T>& out);

}  // namespace fastnn
