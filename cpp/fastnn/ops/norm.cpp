#include "fastnn/ops/norm.h"

#include <cmath>

#include "fastnn/kernels/reduce.h"
#include "fastnn/ops/reduction.h"

namespace fastnn {

template <class T>
void norm_2(const View<const T>& x, const View<T>& out) {
  check_reduced("norm", x.shape, out.shape);
  reduce<SumFold<T, Squared>>(x, out, [](Vec<double> v) {
    for (Index i = 0; i < kLanes<double>; ++i) v[i] = std::sqrt(v[i]);
    return v;
  });
}

template <class T>
void norm_1(const View<const T>& x, const View<T>& out) {
  check_reduced("norm", x.shape, out.shape);
  reduce<SumFold<T, Absolute>>(x, out, Same{});
}

template <class T>
void norm_max(const View<const T>& x, const View<T>& out) {
  check_terms("norm", x.shape, out.shape);
  reduce<ExtremumFold<T, 1, Absolute>>(x, out, [](const auto& s) { return s.result(); });
}

#define FASTNN_INSTANTIATE(T)                                 \
  template void norm_2(const View<const T>&, const View<T>&); \
  template void norm_1(const View<const T>&, const View<T>&); \
  template void norm_max(const View<const T>&, const View<T>&);
FASTNN_INSTANTIATE(float)
FASTNN_INSTANTIATE(double)
#undef FASTNN_INSTANTIATE

}  // namespace fastnn
