// A long short-term memory over whole sequences. With z = x_t kernel + bias + h_(t-1) recurrent, cut into
// the gates i, f, g, o: c_t = sigmoid(f) c_(t-1) + sigmoid(i) tanh(g), h_t = sigmoid(o) tanh(c_t).
#pragma once

#include "fastnn/ops/recurrent.h"

namespace fastnn {

template <class T>
RecurrentShapes lstm_shapes(const RecurrentInputs<T>& of);

/// y is C-contiguous, of shape lstm_shapes(of).y; so is what is kept.
template <class T>
void lstm_forward(const RecurrentInputs<T>& of, const View<T>& y, const RecurrentKept<T>& kept);

template <class T>
void lstm_backward(const RecurrentInputs<T>& of, const RecurrentKept<const T>& kept, const View<const T>& dy,
                   const RecurrentGradients<T>& out);

}  // namespace fastnn
