// The larger and the smaller of two arrays' elements, and clipping.
#pragma once

#include "fastnn/core/view.h"

namespace fastnn {

/// NaN where either is NaN. `out` as in arithmetic.h.
template <class T>
void maximum(const View<const T>& a, const View<const T>& b, const View<T>& out);
template <class T>
void minimum(const View<const T>& a, const View<const T>& b, const View<T>& out);
/// NaN only where both are NaN.
template <class T>
void fmax(const View<const T>& a, const View<const T>& b, const View<T>& out);
template <class T>
void fmin(const View<const T>& a, const View<const T>& b, const View<T>& out);

/// minimum(maximum(x, low), high).
template <class T>
void clip(const View<const T>& x, const View<const T>& low, const View<const T>& high, const View<T>& out);

}  // namespace fastnn
