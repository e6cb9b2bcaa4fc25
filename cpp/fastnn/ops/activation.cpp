#include "fastnn/ops/activation.h"

#include "fastnn/core/check.h"
#include "fastnn/kernels/activation.h"
#include "fastnn/kernels/elementwise.h"

namespace fastnn {
namespace {

template <Activation A>
struct Forward {
  template <class V>
  V operator()(V x) const {
    return activate<A>(x);
  }
};
template <Activation A>
struct Backward {
  template <class V>
  V operator()(V y, V dy) const {
    return activate_backward<A>(y, dy);
  }
};

const char* name_of(Activation activation) {
  switch (activation) {
    case Activation::relu:
      return "relu";
    case Activation::sigmoid:
      return "sigmoid";
    case Activation::tanh:
      return "tanh";
    default:
      return "linear";
  }
}

}  // namespace

template <class T>
void activation_forward(Activation activation, const View<const T>& x, const View<T>& y) {
  check_shape(name_of(activation), "y", y.shape, x.shape);
  with_activation(activation, [&](auto a) {
    constexpr Activation A = decltype(a)::value;
    const bool costly = A == Activation::sigmoid || A == Activation::tanh;
    walk(&x, 1, y, costly ? kCostlyGrain : kCheapGrain, unary_chunk<T, T, Forward<A>>);
  });
}

template <class T>
void activation_backward(Activation activation, const View<const T>& y, const View<const T>& dy,
                         const View<T>& dx) {
  check_shape(name_of(activation), "dy", dy.shape, y.shape);
  check_shape(name_of(activation), "dx", dx.shape, y.shape);
  const View<const T> operands[] = {y, dy};
  with_activation(activation, [&](auto a) {
    constexpr Activation A = decltype(a)::value;
    walk(operands, 2, dx, kCheapGrain, binary_chunk<T, T, Backward<A>>);
  });
}

#define FASTNN_INSTANTIATE(T)                                                         \
  template void activation_forward(Activation, const View<const T>&, const View<T>&); \
  template void activation_backward(Activation, const View<const T>&, const View<const T>&, const View<T>&);
FASTNN_INSTANTIATE(float)
FASTNN_INSTANTIATE(double)
#undef FASTNN_INSTANTIATE

}  // namespace fastnn
