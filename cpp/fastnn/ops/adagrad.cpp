#include "fastnn/ops/adagrad.h"

#include <cmath>

#include "fastnn/kernels/pieces.h"

namespace fastnn {
namespace {

template <class T>
void update(Index n, T* __restrict w, const T* __restrict g, T* __restrict a, T lr, T epsilon) {
  for (Index i = 0; i < n; ++i) {
    a[i] += g[i] * g[i];
    w[i] -= lr * g[i] / std::sqrt(a[i] + epsilon);
  }
}

}  // namespace

template <class T>
void adagrad_update(const std::vector<Parameter<T>>& parameters, const Adagrad& options) {
  const T lr = static_cast<T>(options.lr), epsilon = static_cast<T>(options.epsilon);
  const T weight_decay = static_cast<T>(options.weight_decay);
  for_each_piece("adagrad_update", parameters, {true, false, false},
                 [&](Index n, T* w, const T* g, const auto& slots) {
                   decay(n, w, weight_decay, lr);
                   update(n, w, g, slots[0], lr, epsilon);
                 });
}

template void adagrad_update(const std::vector<Parameter<float>>&, const Adagrad&);
template void adagrad_update(const std::vector<Parameter<double>>&, const Adagrad&);

}  // namespace fastnn
