// The one place that looks at the CPU level: vector width and block sizes.
#pragma once

#include "fastnn/core/view.h"

namespace fastnn {

#if defined(__AVX512F__)
constexpr int kVectorBytes = 64;
#elif defined(__AVX2__)
constexpr int kVectorBytes = 32;
#else
constexpr int kVectorBytes = 16;
#endif

}  // namespace fastnn
