// Stochastic gradient descent, with momentum and Nesterov's variant, in Keras's arithmetic.
#pragma once

#include <vector>

#include "fastnn/ops/parameter.h"

namespace fastnn {

struct Sgd {
  double lr = 0.01;
  double momentum = 0;  // 0: no slot is read
  bool nesterov = false;
  double weight_decay = 0;
};

/// Slot 0, m, where there is momentum: m = momentum m - lr g; w += m (Nesterov: w += momentum m - lr g).
/// Otherwise w -= lr g.
template <class T>
void sgd_update(const std::vector<Parameter<T>>& parameters, const Sgd& options);

}  // namespace fastnn
