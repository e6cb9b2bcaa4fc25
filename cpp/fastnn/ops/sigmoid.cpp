#include "fastnn/ops/sigmoid.h"

#include "fastnn/kernels/activation.h"
#include "fastnn/kernels/log.h"
#include "fastnn/ops/elementwise.h"

namespace fastnn {
namespace {

template <class V>
V hard_sigmoid_lanes(V x) {
  const V y = relu(x + 3);
  return (y > 6 ? splat<V>(6) : y) / 6;
}
template <class V>
V softsign_slope(V x) {
  const V d = 1 + absolute(x);
  return 1 / d / d;  // the square may overflow
}
/// max(x, 0) + log(1 + exp(-|x|)).
template <class V>
V softplus_lanes(V x) {
  return relu(x) + log1p(exp_bounded(-absolute(x)));
}

}  // namespace

FASTNN_UNARY(sigmoid, kCostlyGrain, sigmoid(x))
FASTNN_BINARY(sigmoid_backward, kCheapGrain, activate_backward<Activation::sigmoid>(a, b))
FASTNN_UNARY(tanh, kCostlyGrain, tanh(x))
FASTNN_BINARY(tanh_backward, kCheapGrain, activate_backward<Activation::tanh>(a, b))
FASTNN_UNARY(hard_sigmoid, kCheapGrain, hard_sigmoid_lanes(x))
FASTNN_BINARY(hard_sigmoid_backward, kCheapGrain, (a > -3) & (a < 3) ? b / 6 : V{})
FASTNN_UNARY(softsign, kCheapGrain, x / (1 + absolute(x)))
FASTNN_BINARY(softsign_backward, kCheapGrain, b* softsign_slope(a))
FASTNN_UNARY(softplus, kCostlyGrain, softplus_lanes(x))
FASTNN_BINARY(softplus_backward, kCostlyGrain, b* sigmoid(a))
FASTNN_UNARY(log_sigmoid, kCostlyGrain, -softplus_lanes(-x))
FASTNN_BINARY(log_sigmoid_backward, kCostlyGrain, b* sigmoid(-a))

}  // namespace fastnn
