#include "fastnn/ops/silu.h"

#include "fastnn/kernels/activation.h"
#include "fastnn/kernels/erf.h"
#include "fastnn/ops/elementwise.h"

namespace fastnn {
namespace {

/// Where every gate is open or shut: from there on the slopes are 1 and 0. NaN stays.
template <class V>
V bounded(V x) {
  constexpr Lane<V> most = 40;
  x = x < -most ? splat<V>(-most) : x;
  return x > most ? splat<V>(most) : x;
}

template <class V>
V silu_slope(V x) {
  x = bounded(x);
  const V s = sigmoid(x);
  return s + s * x * (1 - s);
}

template <class V>
V hard_gate(V x) {
  const V y = relu(x + 3);
  return (y > 6 ? splat<V>(6) : y) / 6;
}
template <class V>
V hard_silu_slope(V x) {
  return x <= -3 ? V{} : x >= 3 ? splat<V>(1) : x / 3 + Lane<V>(0.5);
}

/// With e = exp(x): tanh(log(1 + e)) = n / (n + 2), n = e (e + 2).
template <class V>
V mish_lanes(V x) {
  const V e = exp_bounded(x > 20 ? splat<V>(20) : x);
  const V n = e * (e + 2);
  return x * (n / (n + 2));
}
template <class V>
V mish_slope(V x) {
  x = bounded(x);
  const V e = exp_bounded(x > 20 ? splat<V>(20) : x);
  const V n = e * (e + 2);
  const V gate = n / (n + 2);
  return gate + x * (e / (1 + e)) * (1 + gate) * (2 / (n + 2));
}

template <class V>
V normal_distribution(V x) {
  return Lane<V>(0.5) + Lane<V>(0.5) * erf(x * Lane<V>(0.70710678118654752440));
}
template <class V>
V gelu_slope(V x) {
  x = bounded(x);
  const V density = Lane<V>(0.39894228040143267794) * exp_bounded(x * x * Lane<V>(-0.5));
  return normal_distribution(x) + x * density;
}

/// (1 + tanh(u)) / 2 = sigmoid(2 u), which keeps its precision where x is negative.
template <class V>
V tanh_gate(V x) {
  constexpr double twice = 2 * 0.79788456080286535588;
  return sigmoid(x * (Lane<V>(twice) + Lane<V>(twice * 0.044715) * (x * x)));
}
template <class V>
V gelu_tanh_slope(V x) {
  constexpr double twice = 2 * 0.79788456080286535588;
  x = bounded(x);
  const V gate = tanh_gate(x);
  return gate + gate * (1 - gate) * x * (Lane<V>(twice) + Lane<V>(3 * twice * 0.044715) * (x * x));
}

}  // namespace

FASTNN_UNARY(silu, kCostlyGrain, x* sigmoid(x))
FASTNN_BINARY(silu_backward, kCostlyGrain, b* silu_slope(a))
FASTNN_UNARY(hard_silu, kCheapGrain, x* hard_gate(x))
FASTNN_BINARY(hard_silu_backward, kCheapGrain, b* hard_silu_slope(a))
FASTNN_UNARY(mish, kCostlyGrain, mish_lanes(x))
FASTNN_BINARY(mish_backward, kCostlyGrain, b* mish_slope(a))
FASTNN_UNARY(gelu, kCostlyGrain, x* normal_distribution(x))
FASTNN_BINARY(gelu_backward, kCostlyGrain, b* gelu_slope(a))
FASTNN_UNARY(gelu_tanh, kCostlyGrain, x* tanh_gate(x))
FASTNN_BINARY(gelu_tanh_backward, kCostlyGrain, b* gelu_tanh_slope(a))

}  // namespace fastnn
