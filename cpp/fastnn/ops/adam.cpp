#include "fastnn/ops/adam.h"

#include <cmath>

#include "fastnn/kernels/pieces.h"

namespace fastnn {
namespace {

template <class T>
struct Constants {
  T alpha, one_minus_beta_1, one_minus_beta_2, epsilon;
};

// Without amsgrad `largest` is never touched.
template <bool amsgrad, class T>
void update(Index n, T* __restrict w, const T* __restrict g, T* __restrict m, T* __restrict v,
            T* __restrict largest, const Constants<T>& c) {
  const auto [alpha, one_minus_beta_1, one_minus_beta_2, epsilon] = c;
  for (Index i = 0; i < n; ++i) {
    m[i] += (g[i] - m[i]) * one_minus_beta_1;
    v[i] += (g[i] * g[i] - v[i]) * one_minus_beta_2;
    T denominator = v[i];
    if constexpr (amsgrad) {
      largest[i] = denominator <= largest[i] ? largest[i] : denominator;  // NaN wins
      denominator = largest[i];
    }
    w[i] -= m[i] * alpha / (std::sqrt(denominator) + epsilon);
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
  const Constants<T> c{alpha, to(1 - options.beta_1), to(1 - options.beta_2), to(options.epsilon)};
  const auto kernel = options.amsgrad ? update<true, T> : update<false, T>;
  for_each_piece("adam_update", parameters, {true, true, options.amsgrad},
                 [&](Index n, T* w, const T* g, const auto& slots) {
                   decay(n, w, weight_decay, lr);
                   kernel(n, w, g, slots[0], slots[1], slots[2], c);
                 });
}

template void adam_update(const std::vector<Parameter<float>>&, const Adam&);
template void adam_update(const std::vector<Parameter<double>>&, const Adam&);

}  // namespace fastnn
