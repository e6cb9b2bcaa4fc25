// Cross-entropy of independent yes-or-no outcomes, meaned over the last axis, in Keras's arithmetic.
#pragma once

#include "fastnn/core/view.h"

namespace fastnn {

/// -mean(target log(output) + (1 - target) log(1 - output)) over the last axis. Probabilities are clipped to
/// [1e-7, 1 - 1e-7] and have no gradient where that changed them; logits go through a stable softplus.
/// target: the shape of output. losses, dy: output.shape[:-1]. losses and dx must be contiguous.
template <class T>
void binary_crossentropy_forward(const View<const T>& target, const View<const T>& output, bool from_logits,
                                 const View<T>& losses);
template <class T>
void binary_crossentropy_backward(const View<const T>& target, const View<const T>& output,
                                  const View<const T>& dy, bool from_logits, const View<T>& dx);

}  // namespace fastnn
