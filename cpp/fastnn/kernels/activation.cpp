#include "fastnn/kernels/activation.h"

#include "fastnn/kernels/map.h"

namespace fastnn {

template <class T>
void activation_forward(Activation activation, Index n, const T* x, T* y) {
  with_activation(activation, [&](auto a) {
    constexpr Activation A = decltype(a)::value;
    map(n, y, [](Vec<T> v) { return activate<A>(v); }, Contiguous<T>{x});
  });
}

template <class T>
void activation_backward(Activation activation, Index n, const T* y, const T* dy, T* dx) {
  with_activation(activation, [&](auto a) {
    constexpr Activation A = decltype(a)::value;
    map(
        n, dx, [](Vec<T> v, Vec<T> dv) { return activate_backward<A>(v, dv); }, Contiguous<T>{y},
        Contiguous<T>{dy});
  });
}

template void activation_forward(Activation, Index, const float*, float*);
template void activation_forward(Activation, Index, const double*, double*);
template void activation_backward(Activation, Index, const float*, const float*, float*);
template void activation_backward(Activation, Index, const double*, const double*, double*);

}  // namespace fastnn
