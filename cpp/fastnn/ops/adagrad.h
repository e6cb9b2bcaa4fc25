// Adagrad (Duchi, Hazan and Singer, 2011), in Keras's arithmetic: epsilon stands inside the root.
#pragma once

#include <vector>

#include "fastnn/ops/parameter.h"

namespace fastnn {

struct Adagrad {
  double lr = 0.001;
  double epsilon = 1e-7;
  double weight_decay = 0;
};

/// Slot: 0 a, whose first values are the caller's choice. a += g^2; w -= lr g / sqrt(a + epsilon).
template <class T>
void adagrad_update(const std::vector<Parameter<T>>& parameters, const Adagrad& options);

}  // namespace fastnn
