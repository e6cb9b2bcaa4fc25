// The activations that ride on a matmul's tile or run over an array: the formulas in one place.
#pragma once

#include "fastnn/core/activation.h"
#include "fastnn/kernels/math.h"

namespace fastnn {

/// The activation of each lane.
template <Activation A, class V>
inline V activate(V x) {
  if constexpr (A == Activation::relu) return relu(x);
  if constexpr (A == Activation::sigmoid) return sigmoid(x);
  if constexpr (A == Activation::tanh) return tanh(x);
  return x;
}

/// The gradient with respect to x, from y = activate(x) and the gradient dy.
template <Activation A, class V>
inline V activate_backward(V y, V dy) {
  if constexpr (A == Activation::relu) return y > 0 ? dy : V{};
  if constexpr (A == Activation::sigmoid) return dy * (y * (1 - y));
  if constexpr (A == Activation::tanh) return dy * (1 - y * y);
  return dy;
}

/// Calls f with the activation as a compile-time constant: f(std::integral_constant<Activation, A>).
template <class F>
auto with_activation(Activation activation, F&& f) {
  switch (activation) {
    case Activation::relu:
      return f(std::integral_constant<Activation, Activation::relu>{});
    case Activation::sigmoid:
      return f(std::integral_constant<Activation, Activation::sigmoid>{});
    case Activation::tanh:
      return f(std::integral_constant<Activation, Activation::tanh>{});
    default:
      return f(std::integral_constant<Activation, Activation::linear>{});
  }
}

/// y = activate(x) over contiguous arrays; y may be x. On the calling thread.
template <class T>
void activation_forward(Activation activation, Index n, const T* x, T* y);

/// dx = activate_backward(y, dy) over contiguous arrays; dx may be y or dy. On the calling thread.
template <class T>
void activation_backward(Activation activation, Index n, const T* y, const T* dy, T* dx);

/// Of matrices of `columns` contiguous columns: dz = activate_backward(y, dy) where the activation is not
/// linear, and dbias, unless null, the sum of the rows of dz: of blocks of rows first, then of the blocks in
/// order.
template <class T>
void activation_and_bias_backward(Activation activation, Index rows, Index columns, const T* y, const T* dy,
                                  T* dz, T* dbias);

}  // namespace fastnn
