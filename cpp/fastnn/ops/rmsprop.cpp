#include "fastnn/ops/rmsprop.h"

#include <cmath>

#include "fastnn/kernels/pieces.h"

namespace fastnn {
namespace {

template <class T>
struct Constants {
  T lr, rho, one_minus_rho, momentum, epsilon;
};

// Slots that are not in use are never touched.
template <bool has_momentum, bool centered, class T>
void update(Index n, T* __restrict w, const T* __restrict g, T* __restrict v, T* __restrict m,
            T* __restrict a, const Constants<T>& c) {
  const auto [lr, rho, one_minus_rho, momentum, epsilon] = c;
  for (Index i = 0; i < n; ++i) {
    v[i] = rho * v[i] + one_minus_rho * (g[i] * g[i]);
    T denominator = v[i];
    if constexpr (centered) {
      a[i] = rho * a[i] + one_minus_rho * g[i];
      denominator -= a[i] * a[i];
    }
    const T step = lr * g[i] / std::sqrt(denominator + epsilon);
    if constexpr (has_momentum) {
      m[i] = momentum * m[i] + step;
      w[i] -= m[i];
    } else {
      w[i] -= step;
    }
  }
}

}  // namespace

template <class T>
void rmsprop_update(const std::vector<Parameter<T>>& parameters, const Rmsprop& options) {
  auto to = [](double value) { return static_cast<T>(value); };
  const Constants<T> c{to(options.lr), to(options.rho), to(1 - options.rho), to(options.momentum),
                       to(options.epsilon)};
  const T weight_decay = to(options.weight_decay);
  const bool momentum = options.momentum != 0, centered = options.centered;
  const auto kernel = momentum ? (centered ? update<true, true, T> : update<true, false, T>)
                               : (centered ? update<false, true, T> : update<false, false, T>);
  for_each_piece("rmsprop_update", parameters, {true, momentum, centered},
                 [&](Index n, T* w, const T* g, const auto& slots) {
                   decay(n, w, weight_decay, c.lr);
                   kernel(n, w, g, slots[0], slots[1], slots[2], c);
                 });
}

template void rmsprop_update(const std::vector<Parameter<float>>&, const Rmsprop&);
template void rmsprop_update(const std::vector<Parameter<double>>&, const Rmsprop&);

}  // namespace fastnn
