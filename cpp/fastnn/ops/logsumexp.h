// log(sum(exp(x))) over some dimensions.
#pragma once

#include "fastnn/core/view.h"

namespace fastnn {

/// out has the shape of x with reduced dimensions of size 1 and does not overlap x; -infinity for no
/// elements.
template <class T>
void logsumexp(const View<const T>& x, const View<T>& out);

}  // namespace fastnn
