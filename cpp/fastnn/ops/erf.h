// The error function. `out` as in arithmetic.h.
#pragma once

#include "fastnn/core/view.h"

namespace fastnn {

template <class T>
void erf(const View<const T>& x, const View<T>& out);

}  // namespace fastnn
