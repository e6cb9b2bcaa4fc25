// Gated recurrent units over whole sequences, gates z, r, h: with z and r the sigmoids of
// x_t kernel + bias + h_(t-1) recurrent, h_t = z h_(t-1) + (1 - z) tanh(x_t kernel + bias + q), where q is
// r (h_(t-1) recurrent + a bias of its own), or (r h_(t-1)) recurrent.
#pragma once

#include "fastnn/ops/recurrent.h"

namespace fastnn {

/// reset_after: the former q; then the bias has two rows, of x and of h.
template <class T>
RecurrentShapes gru_shapes(const RecurrentInputs<T>& of, bool reset_after);

/// y is C-contiguous, of shape gru_shapes(of).y; so is what is kept.
template <class T>
void gru_forward(const RecurrentInputs<T>& of, bool reset_after, const View<T>& y,
                 const RecurrentKept<T>& kept);

template <class T>
void gru_backward(const RecurrentInputs<T>& of, bool reset_after, const RecurrentKept<const T>& kept,
                  const View<const T>& dy, const RecurrentGradients<T>& out);

}  // namespace fastnn
