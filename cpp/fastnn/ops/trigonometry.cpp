#include "fastnn/ops/trigonometry.h"

#include "fastnn/kernels/trigonometry.h"
#include "fastnn/ops/elementwise.h"

namespace fastnn {

FASTNN_UNARY(sin, kCostlyGrain, sin(x))
FASTNN_UNARY(cos, kCostlyGrain, cos(x))
FASTNN_UNARY(tan, kCostlyGrain, tan(x))

}  // namespace fastnn
