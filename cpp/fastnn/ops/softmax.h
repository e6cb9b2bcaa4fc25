// softmax(x) = exp(x - max) / sum(exp(x - max)) along one axis, and its logarithm.
#pragma once

#include "fastnn/core/view.h"

namespace fastnn {

/// y must be contiguous. NaN, or a row whose largest value is infinite, gives a row of NaN, as in SciPy.
template <class T>
void softmax_forward(const View<const T>& x, Index axis, const View<T>& y);

/// dx = y (dy - sum(dy y)); dx must be contiguous.
template <class T>
void softmax_backward(const View<const T>& y, const View<const T>& dy, Index axis, const View<T>& dx);

/// y = x - max - log(sum(exp(x - max))); y must be contiguous. Special values as above.
template <class T>
void log_softmax_forward(const View<const T>& x, Index axis, const View<T>& y);

/// dx = dy - exp(y) sum(dy); dx must be contiguous.
template <class T>
void log_softmax_backward(const View<const T>& y, const View<const T>& dy, Index axis, const View<T>& dx);

}  // namespace fastnn
