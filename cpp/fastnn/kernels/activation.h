// The activations that ride on a matmul's tile or run over an array: the formulas in one place.
#pragma once

namespace fastnn {

enum class Activation { linear, relu, sigmoid, tanh };

}  // namespace fastnn
