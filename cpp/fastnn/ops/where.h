// Elements of one array or another, as a third one says.
#pragma once

#include "fastnn/core/view.h"

namespace fastnn {

/// out = condition ? a : b. `out` is C-contiguous, has the shape that all three broadcast to and overlaps
/// none of them.
template <class T>
void where(const View<const bool>& condition, const View<const T>& a, const View<const T>& b,
           const View<T>& out);

}  // namespace fastnn
