#include "fastnn/ops/comparison.h"

#include <limits>

#include "fastnn/kernels/rounding.h"
#include "fastnn/ops/elementwise.h"

namespace fastnn {
namespace {

template <class V>
constexpr Lane<V> kInfinity = std::numeric_limits<Lane<V>>::infinity();

}  // namespace

FASTNN_COMPARE(equal, a == b)
FASTNN_COMPARE(not_equal, a != b)
FASTNN_COMPARE(less, a < b)
FASTNN_COMPARE(less_equal, a <= b)
FASTNN_COMPARE(greater, a > b)
FASTNN_COMPARE(greater_equal, a >= b)

FASTNN_TEST(isnan, x != x)
FASTNN_TEST(isinf, absolute(x) == kInfinity<V>)
FASTNN_TEST(isfinite, absolute(x) < kInfinity<V>)

}  // namespace fastnn
