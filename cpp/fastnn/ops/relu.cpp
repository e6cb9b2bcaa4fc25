#include "fastnn/ops/relu.h"

#include "fastnn/kernels/activation.h"
#include "fastnn/ops/elementwise.h"

namespace fastnn {
namespace {

template <class V>
V clip6(V x) {
  x = relu(x);
  return x > 6 ? splat<V>(6) : x;
}

template <class T>
constexpr T kSeluAlpha = static_cast<T>(1.6732632423543772848);
template <class T>
constexpr T kSeluScale = static_cast<T>(1.0507009873554804934);

template <class V>
V selu_lanes(V x) {
  using T = Lane<V>;
  return kSeluScale<T> * (x > 0 ? x : kSeluAlpha<T> * expm1(x));
}
template <class V>
V selu_slope(V x) {
  using T = Lane<V>;
  return x > 0 ? splat<V>(kSeluScale<T>) : kSeluScale<T> * kSeluAlpha<T> * exp(x);
}

}  // namespace

FASTNN_UNARY(relu, kCheapGrain, relu(x))
FASTNN_BINARY(relu_backward, kCheapGrain, activate_backward<Activation::relu>(a, b))
FASTNN_UNARY(relu6, kCheapGrain, clip6(x))
FASTNN_BINARY(relu6_backward, kCheapGrain, (a > 0) & (a < 6) ? b : V{})
FASTNN_BINARY(leaky_relu, kCheapGrain, a >= 0 ? a : a * b)
FASTNN_TERNARY(leaky_relu_backward, kCheapGrain, a >= 0 ? b : b * c)
FASTNN_BINARY(elu, kCostlyGrain, a > 0 ? a : b * expm1(a))
FASTNN_TERNARY(elu_backward, kCostlyGrain, a > 0 ? b : b * c * exp(a))
FASTNN_UNARY(selu, kCostlyGrain, selu_lanes(x))
FASTNN_BINARY(selu_backward, kCostlyGrain, b* selu_slope(a))

}  // namespace fastnn
