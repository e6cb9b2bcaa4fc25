// Norms of vectors, also of those that some dimensions of an array make up together.
#pragma once

#include "fastnn/core/view.h"

namespace fastnn {

/// The root of the sum of squares, the sum of absolute values, the largest absolute value. out has the shape
/// of x with reduced dimensions of size 1 and does not overlap x. norm_max refuses to reduce no elements.
template <class T>
void norm_2(const View<const T>& x, const View<T>& out);
template <class T>
void norm_1(const View<const T>& x, const View<T>& out);
template <class T>
void norm_max(const View<const T>& x, const View<T>& out);

}  // namespace fastnn
