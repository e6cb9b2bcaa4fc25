// Reductions over some dimensions. The gradient of a sum is broadcast_to; the gradient of broadcasting is
// sum_to.
#pragma once

#include "fastnn/core/view.h"

namespace fastnn {

/// The shape of x summed over `axes` (all if null), the dimensions kept with size 1. Refuses axes that x does
/// not have and repeated ones.
Dims reduced_shape(const char* op, const Dims& shape, const Dims* axes);

/// Refuses an out that does not have a shape of reduced_shape; returns the number of terms of each result.
Index check_reduced(const char* op, const Dims& x, const Dims& out);
/// Refuses to reduce no elements to some results.
void check_terms(const char* op, const Dims& x, const Dims& out);

/// out has a shape of reduced_shape and does not overlap x.
template <class T>
void sum(const View<const T>& x, const View<T>& out);
template <class T>
void mean(const View<const T>& x, const View<T>& out);
template <class T>
void prod(const View<const T>& x, const View<T>& out);
/// NaN where there is any. Refuse to reduce no elements.
template <class T>
void max(const View<const T>& x, const View<T>& out);
template <class T>
void min(const View<const T>& x, const View<T>& out);
/// Whether any element, or every one, is not 0: NaN is not.
template <class T>
void any(const View<const T>& x, const View<bool>& out);
template <class T>
void all(const View<const T>& x, const View<bool>& out);

/// Adds up what broadcasting out to the shape of x repeats. out's shape is one that broadcasts to x's.
template <class T>
void sum_to(const View<const T>& x, const View<T>& out);

}  // namespace fastnn
