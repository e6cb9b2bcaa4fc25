#include "fastnn/ops/sgd.h"

#include "fastnn/kernels/pieces.h"

namespace fastnn {
namespace {

template <class T>
void plain(Index n, T* __restrict w, const T* __restrict g, T lr) {
  for (Index i = 0; i < n; ++i) w[i] -= g[i] * lr;
}

template <class T>
void heavy_ball(Index n, T* __restrict w, const T* __restrict g, T* __restrict m, T lr, T momentum) {
  for (Index i = 0; i < n; ++i) {
    m[i] = m[i] * momentum - g[i] * lr;
    w[i] += m[i];
  }
}

template <class T>
void nesterov(Index n, T* __restrict w, const T* __restrict g, T* __restrict m, T lr, T momentum) {
  for (Index i = 0; i < n; ++i) {
    m[i] = m[i] * momentum - g[i] * lr;
    w[i] += m[i] * momentum - g[i] * lr;
  }
}

}  // namespace

template <class T>
void sgd_update(const std::vector<Parameter<T>>& parameters, const Sgd& options) {
  const T lr = static_cast<T>(options.lr), momentum = static_cast<T>(options.momentum);
  const T weight_decay = static_cast<T>(options.weight_decay);
  const bool has_slot = options.momentum != 0;
  for_each_piece("sgd_update", parameters, {has_slot, false, false},
                 [&](Index n, T* w, const T* g, const auto& slots) {
                   decay(n, w, weight_decay, lr);
                   if (!has_slot) {
                     plain(n, w, g, lr);
                   } else if (options.nesterov) {
                     nesterov(n, w, g, slots[0], lr, momentum);
                   } else {
                     heavy_ball(n, w, g, slots[0], lr, momentum);
                   }
                 });
}

template void sgd_update(const std::vector<Parameter<float>>&, const Sgd&);
template void sgd_update(const std::vector<Parameter<double>>&, const Sgd&);

}  // namespace fastnn
