#include "fastnn/ops/rounding.h"

#include "fastnn/kernels/rounding.h"
#include "fastnn/ops/elementwise.h"

namespace fastnn {

FASTNN_UNARY(floor, kCheapGrain, floor(x))
FASTNN_UNARY(ceil, kCheapGrain, ceil(x))
FASTNN_UNARY(trunc, kCheapGrain, trunc(x))
FASTNN_UNARY(round, kCheapGrain, round(x))

}  // namespace fastnn
