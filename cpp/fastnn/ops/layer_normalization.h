// Normalisation of each sample by itself, over its last dimensions: y = (x - mean) / sqrt(variance + epsilon)
// scale + offset; or by the root of the mean square, y = x / sqrt(mean(x^2) + epsilon) scale.
#pragma once

#include "fastnn/core/view.h"

namespace fastnn {

/// The last `dimensions` of x are normalised together; scale and offset have their shape, or are null. y is
/// contiguous; mean (null for the root of the mean square) and inverse, 1 / sqrt(variance + epsilon), have
/// one number for each sample.
template <class T>
void layer_normalization_forward(const char* op, const View<const T>& x, int dimensions,
                                 const View<const T>* scale, const View<const T>* offset, double epsilon,
                                 const View<T>& y, T* mean, T* inverse);

/// From mean and inverse of the forward call. Outputs are contiguous; null where they are not wanted.
template <class T>
void layer_normalization_backward(const char* op, const View<const T>& x, const View<const T>& dy,
                                  int dimensions, const View<const T>* scale, const T* mean, const T* inverse,
                                  const View<T>* dx, const View<T>* dscale, const View<T>* doffset);

}  // namespace fastnn
