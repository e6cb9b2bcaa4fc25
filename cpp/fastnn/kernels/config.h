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

// The register tile of the matmul has kTileRows x kTileVectors accumulators; the rest of the registers
// holds a row of b and a broadcast of a.
#if defined(__AVX512F__)
constexpr int kTileRows = 14;  // 28 of 32 registers
#elif defined(__aarch64__)
constexpr int kTileRows = 12;  // 24 of 32
#else
constexpr int kTileRows = 6;  // 12 of 16
#endif
constexpr int kTileVectors = 2;

}  // namespace fastnn
