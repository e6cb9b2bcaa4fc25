// RMSprop (Hinton, "Neural networks for machine learning", lecture 6e, 2012), in Keras's arithmetic.
#pragma once

#include <vector>

#include "fastnn/ops/parameter.h"

namespace fastnn {

struct Rmsprop {
  double lr = 0.001;
  double rho = 0.9;
  double momentum = 0;  // 0: slot 1 is not read
  bool centered = false;
  double epsilon = 1e-7;
  double weight_decay = 0;
};

/// Slots: 0 v, 1 m, 2 a; those not in use may be empty.
/// v = rho v + (1 - rho) g^2; step = lr g / sqrt(v + epsilon). Centered: a = rho a + (1 - rho) g, and
/// v - a^2 stands in v's place. With momentum: m = momentum m + step; w -= m. Otherwise w -= step.
template <class T>
void rmsprop_update(const std::vector<Parameter<T>>& parameters, const Rmsprop& options);

}  // namespace fastnn
