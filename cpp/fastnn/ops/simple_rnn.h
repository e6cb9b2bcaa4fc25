// A simple recurrent layer over whole sequences: h_t = activation(x_t kernel + bias + h_(t-1) recurrent).
#pragma once

#include "fastnn/core/activation.h"
#include "fastnn/ops/recurrent.h"

namespace fastnn {

template <class T>
RecurrentShapes simple_rnn_shapes(const RecurrentInputs<T>& of);

/// y is C-contiguous, of shape simple_rnn_shapes(of).y; so is what is kept.
template <class T>
void simple_rnn_forward(const RecurrentInputs<T>& of, Activation activation, const View<T>& y,
                        const RecurrentKept<T>& kept);

template <class T>
void simple_rnn_backward(const RecurrentInputs<T>& of, Activation activation,
                         const RecurrentKept<const T>& kept, const View<const T>& dy,
                         const RecurrentGradients<T>& out);

}  // namespace fastnn
