// The rectified linear unit and its kin. `out` as in arithmetic.h; backward functions give dx from dy and
// from y or x, whichever serves.
#pragma once

#include "fastnn/core/view.h"

namespace fastnn {

/// max(x, 0); NaN stays.
template <class T>
void relu(const View<const T>& x, const View<T>& out);
template <class T>
void relu_backward(const View<const T>& y, const View<const T>& dy, const View<T>& out);

/// min(max(x, 0), 6).
template <class T>
void relu6(const View<const T>& x, const View<T>& out);
template <class T>
void relu6_backward(const View<const T>& y, const View<const T>& dy, const View<T>& out);

/// x where x >= 0, otherwise slope x.
template <class T>
void leaky_relu(const View<const T>& x, const View<const T>& slope, const View<T>& out);
template <class T>
void leaky_relu_backward(const View<const T>& x, const View<const T>& dy, const View<const T>& slope,
                         const View<T>& out);

/// x where x > 0, otherwise alpha (exp(x) - 1).
template <class T>
void elu(const View<const T>& x, const View<const T>& alpha, const View<T>& out);
template <class T>
void elu_backward(const View<const T>& x, const View<const T>& dy, const View<const T>& alpha,
                  const View<T>& out);

/// elu with the alpha and the scale of Klambauer et al., "Self-Normalizing Neural Networks", 2017.
template <class T>
void selu(const View<const T>& x, const View<T>& out);
template <class T>
void selu_backward(const View<const T>& x, const View<const T>& dy, const View<T>& out);

}  // namespace fastnn
