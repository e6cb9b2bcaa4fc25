// Normalisation of groups of channels, each by its own mean and variance: y = (x - mean) / sqrt(variance +
// epsilon) scale + offset. Batch normalisation has one channel in a group, and takes all samples together.
#pragma once

#include "fastnn/core/view.h"

namespace fastnn {

/// Which values are normalised together. `by_sample`: those of each sample by themselves.
struct Grouping {
  Index axis;    // of the channels
  Index groups;  // 0: as many as channels
  bool by_sample;
};

/// Of mean and variance: (samples, groups), or (groups,) for all samples together. Refuses what does not fit.
Dims group_shape(const char* op, const Dims& x, const Grouping& grouping);

/// Makes mean and variance, and y from them. scale and offset (channels,) may be null; all outputs are
/// contiguous.
template <class T>
void group_normalization_forward(const char* op, const View<const T>& x, const Grouping& grouping,
                                 const View<const T>* scale, const View<const T>* offset, double epsilon,
                                 const View<T>& y, const View<T>& mean, const View<T>& variance);

/// The same for a mean and a variance that are given.
template <class T>
void group_normalization_apply(const char* op, const View<const T>& x, const Grouping& grouping,
                               const View<const T>& mean, const View<const T>& variance,
                               const View<const T>* scale, const View<const T>* offset, double epsilon,
                               const View<T>& y);

/// dscale and doffset (channels,); dx is not made where it is null. `through`: mean and variance are those of
/// x, and change with it.
template <class T>
void group_normalization_backward(const char* op, const View<const T>& x, const View<const T>& dy,
                                  const Grouping& grouping, const View<const T>& mean,
                                  const View<const T>& variance, const View<const T>* scale, double epsilon,
                                  bool through, const View<T>* dx, const View<T>& dscale,
                                  const View<T>& doffset);

}  // namespace fastnn
