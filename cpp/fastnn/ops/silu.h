// x times a gate between 0 and 1. `out` as in arithmetic.h; backward functions give dx from x and dy.
#pragma once

#include "fastnn/core/view.h"

namespace fastnn {

/// x sigmoid(x).
template <class T>
void silu(const View<const T>& x, const View<T>& out);
template <class T>
void silu_backward(const View<const T>& x, const View<const T>& dy, const View<T>& out);

/// x hard_sigmoid(x).
template <class T>
void hard_silu(const View<const T>& x, const View<T>& out);
template <class T>
void hard_silu_backward(const View<const T>& x, const View<const T>& dy, const View<T>& out);

/// x tanh(softplus(x)).
template <class T>
void mish(const View<const T>& x, const View<T>& out);
template <class T>
void mish_backward(const View<const T>& x, const View<const T>& dy, const View<T>& out);

/// x (1 + erf(x / sqrt(2))) / 2.
template <class T>
void gelu(const View<const T>& x, const View<T>& out);
template <class T>
void gelu_backward(const View<const T>& x, const View<const T>& dy, const View<T>& out);

/// x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2.
template <class T>
void gelu_tanh(const View<const T>& x, const View<T>& out);
template <class T>
void gelu_tanh_backward(const View<const T>& x, const View<const T>& dy, const View<T>& out);

}  // namespace fastnn
