// Cross-entropy of targets and predictions over the last axis, one loss per sample, in Keras's arithmetic.
// Probabilities are divided by their sum, clipped to [1e-7, 1 - 1e-7], then their logarithm is taken; what a
// target of 0 multiplies does not count. Gradients run back through the division and are 0 where clipped.
//
// target: the shape of output. labels: output.shape[:-1], or that with a last dimension of 1; each in
// [0, classes). losses, dy: output.shape[:-1]. losses and dx must be contiguous.
#pragma once

#include <cstdint>

#include "fastnn/core/view.h"

namespace fastnn {

/// -sum(target log(output)).
template <class T>
void categorical_crossentropy_forward(const View<const T>& target, const View<const T>& output,
                                      bool from_logits, const View<T>& losses);
template <class T>
void categorical_crossentropy_backward(const View<const T>& target, const View<const T>& output,
                                       const View<const T>& dy, bool from_logits, const View<T>& dx);

/// The same where the target is 1 for the label's class and 0 for all others.
template <class T>
void sparse_categorical_crossentropy_forward(const View<const std::int64_t>& labels,
                                             const View<const T>& output, bool from_logits,
                                             const View<T>& losses);
template <class T>
void sparse_categorical_crossentropy_backward(const View<const std::int64_t>& labels,
                                              const View<const T>& output, const View<const T>& dy,
                                              bool from_logits, const View<T>& dx);

/// Whether all labels lie in [0, classes).
bool labels_fit(const View<const std::int64_t>& labels, Index classes);

/// The gradient with respect to x of the cross-entropy of y = softmax(x): (y sum(target) - target) dy. Never
/// divides by a probability, so it holds where y is 0 and the loss was clipped.
template <class T>
void softmax_categorical_crossentropy_backward(const View<const T>& target, const View<const T>& y,
                                               const View<const T>& dy, const View<T>& dx);
template <class T>
void softmax_sparse_categorical_crossentropy_backward(const View<const std::int64_t>& labels,
                                                      const View<const T>& y, const View<const T>& dy,
                                                      const View<T>& dx);

}  // namespace fastnn
