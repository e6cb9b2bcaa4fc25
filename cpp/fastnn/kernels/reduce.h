// Sums over some dimensions of an array of any layout.
#pragma once

#include "fastnn/core/view.h"

namespace fastnn {

/// out = sum of x / divisor over the dimensions in which out has size 1, all others being equal. Adds in
/// float64, and pairwise; the order of addition depends on the layout of x alone, not on threads. out may
/// have any strides and does not overlap x.
template <class T>
void reduce_sum(const View<const T>& x, double divisor, const View<T>& out);

}  // namespace fastnn
