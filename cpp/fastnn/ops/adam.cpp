#include "fastnn/ops/adam.h"

#include <cmath>

#include "fastnn/kernels/pieces.h"

namespace fastnn {
namespace {

template <class T>
void update(Index n, T* __restrict w, const T* __restrict g, T* __restrict m, T* __restrict v, T alpha,
            T one_minus_beta_1, T one_minus_beta_2, T epsilon) {
  for (Index i = 0; i < n; ++i) {
    m[i] += (g[i] - m[i]) * one_minus_beta_1;
    v[i] += (g[i] * g[i] - v[i]) * one_minus_beta_2;
    w[i] -= m[i] * alpha / (std::sqrt(v[i]) + epsilon);
  }
}

}  // namespace

template <class T>
void adam_update(const std::vector<Parameter<T>>& parameters, const Adam& options) {
  check(options.step >= 1, "adam_update", "step must be at least 1; received ", options.step);
  auto to = [](double value) { return static_cast<T>(value); };
  const T lr = to(options.lr), step = static_cast<T>(options.step), weight_decay = to(options.weight_decay);
  // In T as Keras has it: 1 - 0.999f differs from 0.001f in the fifth digit.
  const T alpha =
      lr * std::sqrt(1 - std::pow(to(options.beta_2), step)) / (1 - std::pow(to(options.beta_1), step));
  const T one_minus_beta_1 = to(1 - options.beta_1), one_minus_beta_2 = to(1 - options.beta_2);
  const T epsilon = to(options.epsilon);
  for_each_piece("adam_update", parameters, {true, true, false},
                 [&](Index n, T* w, const T* g, const auto& slots) {
                   decay(n, w, weight_decay, lr);
                   update(n, w, g, slots[0], slots[1], alpha, one_minus_beta_1, one_minus_beta_2, epsilon);
                 });
}

template void adam_update(const std::vector<Parameter<float>>&, const Adam&);
template void adam_update(const std::vector<Parameter<double>>&, const Adam&);

}  // namespace fastnn
