// Comparisons of two arrays, and tests of one, into arrays of bool. NaN is unequal to everything.
#pragma once

#include "fastnn/core/view.h"

namespace fastnn {

/// `out` as in arithmetic.h.
template <class T>
void equal(const View<const T>& a, const View<const T>& b, const View<bool>& out);
template <class T>
void not_equal(const View<const T>& a, const View<const T>& b, const View<bool>& out);
template <class T>
void less(const View<const T>& a, const View<const T>& b, const View<bool>& out);
template <class T>
void less_equal(const View<const T>& a, const View<const T>& b, const View<bool>& out);
template <class T>
void greater(const View<const T>& a, const View<const T>& b, const View<bool>& out);
template <class T>
void greater_equal(const View<const T>& a, const View<const T>& b, const View<bool>& out);

template <class T>
void isnan(const View<const T>& x, const View<bool>& out);
template <class T>
void isinf(const View<const T>& x, const View<bool>& out);
template <class T>
void isfinite(const View<const T>& x, const View<bool>& out);

}  // namespace fastnn
