#include "fastnn/ops/variance.h"

#include <algorithm>
#include <cmath>

#include "fastnn/kernels/reduce.h"
#include "fastnn/ops/reduction.h"

namespace fastnn {
namespace {

template <class T, class F>
void reduce_moments(const char* op, const View<const T>& x, double ddof, const View<T>& out, F f) {
  const auto terms = static_cast<double>(check_reduced(op, x.shape, out.shape));
  const double divisor = std::max(terms - ddof, 0.0);
  reduce<MomentFold<T>>(x, out, [=](const typename MomentFold<T>::State& s) {
    const Vec<double> squares = s.squares - s.sum * s.sum / terms;
    return f((squares < 0 ? Vec<double>{} : squares) / divisor);
  });
}

}  // namespace

template <class T>
void variance(const View<const T>& x, double ddof, const View<T>& out) {
  reduce_moments("var", x, ddof, out, Same{});
}

template <class T>
void standard_deviation(const View<const T>& x, double ddof, const View<T>& out) {
  reduce_moments("std", x, ddof, out, [](Vec<double> v) {
    for (Index i = 0; i < kLanes<double>; ++i) v[i] = std::sqrt(v[i]);
    return v;
  });
}

#define FASTNN_INSTANTIATE(T)                                           \
  template void variance(const View<const T>&, double, const View<T>&); \
  template void standard_deviation(const View<const T>&, double, const View<T>&);
FASTNN_INSTANTIATE(float)
FASTNN_INSTANTIATE(double)
#undef FASTNN_INSTANTIATE

}  // namespace fastnn
