// a + b, a - b, a * b, a / b with NumPy's broadcasting; -x, |x| and other functions of one number.
#pragma once

#include "fastnn/core/view.h"

namespace fastnn {

/// `out` has the shape that a and b broadcast to, fills its memory without gaps (its dimensions in any order)
/// and overlaps no operand, unless that one lies exactly as out does. So for every element-wise op.
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
template <class T>
void absolute(const View<const T>& x, const View<T>& out);
/// -1, 0 or 1; NaN stays.
template <class T>
void sign(const View<const T>& x, const View<T>& out);
template <class T>
void square(const View<const T>& x, const View<T>& out);
template <class T>
void sqrt(const View<const T>& x, const View<T>& out);
/// 1 / sqrt(x).
template <class T>
void rsqrt(const View<const T>& x, const View<T>& out);
template <class T>
void reciprocal(const View<const T>& x, const View<T>& out);

}  // namespace fastnn
