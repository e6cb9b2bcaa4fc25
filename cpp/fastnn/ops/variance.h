// Variance and standard deviation over some dimensions.
#pragma once

#include "fastnn/core/view.h"

namespace fastnn {

/// The mean of the squares of x - mean(x), its divisor the number of terms less `ddof`, never below 0. out
/// has the shape of x with reduced dimensions of size 1 and does not overlap x.
template <class T>
void variance(const View<const T>& x, double ddof, const View<T>& out);
/// The square root of that.
template <class T>
void standard_deviation(const View<const T>& x, double ddof, const View<T>& out);

}  // namespace fastnn
