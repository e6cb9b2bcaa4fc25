#include "fastnn/ops/power.h"

#include "fastnn/kernels/power.h"
#include "fastnn/ops/elementwise.h"

namespace fastnn {
namespace {

struct Power {
  template <class V>
  V operator()(V a, V b) const {
    return power(a, b);
  }
};
struct Square {
  template <class V>
  V operator()(V a, V) const {
    return a * a;
  }
};

}  // namespace

template <class T>
void power(const View<const T>& a, const View<const T>& b, const View<T>& out) {
  const bool square = b.size() == 1 && *b.data == 2;
  detail::walk_broadcast<T, T>("power", {&a, &b}, out, square ? kCheapGrain : kCostlyGrain,
                               square ? binary_chunk<T, T, Square> : binary_chunk<T, T, Power>);
}
template void power(const View<const float>&, const View<const float>&, const View<float>&);
template void power(const View<const double>&, const View<const double>&, const View<double>&);

}  // namespace fastnn
