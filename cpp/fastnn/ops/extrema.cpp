#include "fastnn/ops/extrema.h"

#include "fastnn/ops/elementwise.h"

namespace fastnn {
namespace {

template <class V>
V larger(V a, V b) {
  return a > b ? a : a != a ? a : b;
}
template <class V>
V smaller(V a, V b) {
  return a < b ? a : a != a ? a : b;
}

}  // namespace

FASTNN_BINARY(maximum, kCheapGrain, larger(a, b))
FASTNN_BINARY(minimum, kCheapGrain, smaller(a, b))
FASTNN_BINARY(fmax, kCheapGrain, a > b ? a : b != b ? a : b)
FASTNN_BINARY(fmin, kCheapGrain, a < b ? a : b != b ? a : b)

FASTNN_TERNARY(clip, kCheapGrain, smaller(larger(a, b), c))

}  // namespace fastnn
