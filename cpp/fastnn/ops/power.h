// a to the power of b. `out` as in arithmetic.h.
#pragma once

#include "fastnn/core/view.h"

namespace fastnn {

/// Special values as C's pow has them. A single exponent 2 means a * a.
template <class T>
void power(const View<const T>& a, const View<const T>& b, const View<T>& out);

}  // namespace fastnn
