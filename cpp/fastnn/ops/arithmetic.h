// a + b, a - b, a * b, a / b with NumPy's broadcasting, and -x.
#pragma once

#include "fastnn/core/view.h"

namespace fastnn {

/// `out` has the shape that a and b broadcast to, fills its memory without gaps (its dimensions in any order)
/// and overlaps neither operand.
template <class T>
void add(const View<const T>& a, const View<const T>& b, const View<T>& out);
template <class T>
void subtract(const View<const T>& a, const View<const T>& b, const View<T>& out);
template <class T>
void multiply(const View<const T>& a, const View<const T>& b, const View<T>& out);
template <class T>
void divide(const View<const T>& a, const View<const T>& b, const View<T>& out);

template <class T>
void negative(const View<const T>& x, const View<T>& out);

}  // namespace fastnn
