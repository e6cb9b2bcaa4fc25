// Sine, cosine and tangent of angles in radians. `out` as in arithmetic.h.
#pragma once

#include "fastnn/core/view.h"

namespace fastnn {

template <class T>
void sin(const View<const T>& x, const View<T>& out);
template <class T>
void cos(const View<const T>& x, const View<T>& out);
template <class T>
void tan(const View<const T>& x, const View<T>& out);

}  // namespace fastnn
