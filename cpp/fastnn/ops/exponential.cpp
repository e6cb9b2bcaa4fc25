#include "fastnn/ops/exponential.h"

#include "fastnn/kernels/log.h"
#include "fastnn/kernels/math.h"
#include "fastnn/ops/elementwise.h"

namespace fastnn {

FASTNN_UNARY(exp, kCostlyGrain, exp(x))
FASTNN_UNARY(exp2, kCostlyGrain, exp2(x))
FASTNN_UNARY(expm1, kCostlyGrain, expm1(x))
FASTNN_UNARY(log, kCostlyGrain, log(x))
FASTNN_UNARY(log2, kCostlyGrain, log2(x))
FASTNN_UNARY(log10, kCostlyGrain, log10(x))
FASTNN_UNARY(log1p, kCostlyGrain, log1p(x))

}  // namespace fastnn
