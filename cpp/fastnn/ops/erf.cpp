#include "fastnn/ops/erf.h"

#include "fastnn/kernels/erf.h"
#include "fastnn/ops/elementwise.h"

namespace fastnn {

FASTNN_UNARY(erf, kCostlyGrain, erf(x))

}  // namespace fastnn
