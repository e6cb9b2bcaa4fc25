#include "fastnn/ops/arithmetic.h"

#include "fastnn/kernels/rounding.h"
#include "fastnn/ops/elementwise.h"

namespace fastnn {

FASTNN_BINARY(add, kCheapGrain, a + b)
FASTNN_BINARY(subtract, kCheapGrain, a - b)
FASTNN_BINARY(multiply, kCheapGrain, a* b)
FASTNN_BINARY(divide, kCheapGrain, a / b)

FASTNN_UNARY(negative, kCheapGrain, -x)
FASTNN_UNARY(absolute, kCheapGrain, absolute(x))
FASTNN_UNARY(sign, kCheapGrain, x > 0 ? splat<V>(1) : x < 0 ? splat<V>(-1) : x == 0 ? V{} : x)
FASTNN_UNARY(square, kCheapGrain, x* x)
FASTNN_UNARY(sqrt, kCheapGrain, sqrt(x))
FASTNN_UNARY(rsqrt, kCheapGrain, 1 / sqrt(x))
FASTNN_UNARY(reciprocal, kCheapGrain, 1 / x)

}  // namespace fastnn
