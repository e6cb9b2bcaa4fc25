// The activations that a layer can apply in the same call.
#pragma once

namespace fastnn {

enum class Activation { linear, relu, sigmoid, tanh };

}  // namespace fastnn
