// Sums and means over some dimensions. Their gradient is broadcast_to; the gradient of broadcasting is
// sum_to.
#pragma once

#include "fastnn/core/view.h"

namespace fastnn {

/// The shape of x summed over `axes` (all if null), the dimensions kept with size 1. Refuses axes that x does
/// not have and repeated ones.
Dims reduced_shape(const char* op, const Dims& shape, const Dims* axes);

/// out has the shape of reduced_shape and does not overlap x.
template <class T>
void sum(const View<const T>& x, const View<T>& out);
template <class T>
void mean(const View<const T>& x, const View<T>& out);

/// Adds up what broadcasting out to the shape of x repeats. out's shape is one that broadcasts to x's.
template <class T>
void sum_to(const View<const T>& x, const View<T>& out);

}  // namespace fastnn
