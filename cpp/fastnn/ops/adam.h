// Adam (Kingma and Ba, 2015), in Keras's arithmetic: epsilon stands outside the bias correction.
#pragma once

#include <vector>

#include "fastnn/ops/parameter.h"

namespace fastnn {

struct Adam {
  double lr = 0.001;
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  Index step = 1;  // the first update is number 1
  double weight_decay = 0;
  bool amsgrad = false;  // whether slot 2 is in use
};

/// Slots: 0 m, 1 v, 2 the largest v so far. m += (g - m) (1 - beta_1); v += (g^2 - v) (1 - beta_2);
/// w -= lr sqrt(1 - beta_2^step) / (1 - beta_1^step) m / (sqrt(v) + epsilon). With amsgrad (Reddi, Kale and
/// Kumar, 2018) the largest v stands in v's place.
template <class T>
void adam_update(const std::vector<Parameter<T>>& parameters, const Adam& options);

}  // namespace fastnn
