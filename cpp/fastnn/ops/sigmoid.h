// Functions that level off to both sides, and those made of them. `out` as in arithmetic.h; backward
// functions give dx from dy and from y or x, whichever serves.
#pragma once

#include "fastnn/core/view.h"

namespace fastnn {

/// 1 / (1 + exp(-x)).
template <class T>
void sigmoid(const View<const T>& x, const View<T>& out);
template <class T>
void sigmoid_backward(const View<const T>& y, const View<const T>& dy, const View<T>& out);

template <class T>
void tanh(const View<const T>& x, const View<T>& out);
template <class T>
void tanh_backward(const View<const T>& y, const View<const T>& dy, const View<T>& out);

/// relu6(x + 3) / 6.
template <class T>
void hard_sigmoid(const View<const T>& x, const View<T>& out);
template <class T>
void hard_sigmoid_backward(const View<const T>& x, const View<const T>& dy, const View<T>& out);

/// x / (1 + |x|).
template <class T>
void softsign(const View<const T>& x, const View<T>& out);
template <class T>
void softsign_backward(const View<const T>& x, const View<const T>& dy, const View<T>& out);

/// log(1 + exp(x)), without overflow.
template <class T>
void softplus(const View<const T>& x, const View<T>& out);
template <class T>
void softplus_backward(const View<const T>& x, const View<const T>& dy, const View<T>& out);

/// log(sigmoid(x)) = -softplus(-x).
template <class T>
void log_sigmoid(const View<const T>& x, const View<T>& out);
template <class T>
void log_sigmoid_backward(const View<const T>& x, const View<const T>& dy, const View<T>& out);

}  // namespace fastnn
