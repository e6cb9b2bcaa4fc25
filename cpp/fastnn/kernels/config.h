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

// The register tile of the matmul has kTileRows x kTileVectors sums; the other registers hold a row of b and
// a broadcast of a. The dot tile has kDotRows x kDotColumns sums. A panel of b of kBlockBytes / sizeof(T)
// terms stays in the L1 or, where the tile is large enough to wait for it, the L2 cache. Up to
// kDirectCrowdedRows rows of c, b is read where it lies although its rows share a few cache sets.
#if defined(__AVX512F__)
constexpr int kTileRows = 14;  // 28 of 32 registers
constexpr int kDotRows = 6;
constexpr Index kBlockBytes = 4096;
constexpr Index kDirectCrowdedRows = 384;
#elif defined(__aarch64__)
constexpr int kTileRows = 12;  // 24 of 32
constexpr int kDotRows = 6;
constexpr Index kBlockBytes = 2048;
constexpr Index kDirectCrowdedRows = 24;
#else
constexpr int kTileRows = 6;  // 12 of 16
constexpr int kDotRows = 3;
constexpr Index kBlockBytes = 2048;
constexpr Index kDirectCrowdedRows = 24;
#endif
constexpr int kTileVectors = 2;
constexpr int kDotColumns = 4;

// The rows, columns and terms that are worked on at once: bounds the packed copies.
constexpr Index kBlockRows = 4096;
constexpr Index kBlockColumns = 4096;
template <class T>
constexpr Index kBlockTerms = kBlockBytes / static_cast<Index>(sizeof(T));
// A piece of c for one thread, in panels, so that its parts of a and b stay in the L2 cache; smaller where
// that leaves fewer than kMostTasks pieces, down to kTaskWork multiplications.
constexpr Index kTaskRowPanels = 8;
constexpr Index kTaskColumnPanels = 8;
constexpr Index kMostTasks = 32;
constexpr Index kTaskWork = Index{1} << 17;
// Multiplications below which a second thread costs more than it saves.
constexpr Index kGemmParallelWork = Index{1} << 19;
// Up to so many rows of c, packing b costs more than it saves; and so for columns and a, by its columns where
// they lie contiguous, by its rows where those do.
constexpr Index kDirectRows = 384;
constexpr Index kDirectColumns = 768;
constexpr Index kDirectColumnsOfRows = 512;
// Rows that are a multiple of this apart share a few cache sets.
constexpr Index kPageBytes = 4096;
// Up to so many terms, what takes longest is to write c.
constexpr Index kFewTerms = 64;
// Products of fewer columns than rows, and at most so many, are turned into products of as many rows,
// unless they fill the vectors of a tile.
constexpr Index kThin = 48;
// Up to so many rows, the more the more terms there are, dot products along k beat the packing that the
// register tile would need; but not for few terms, which leave lanes empty.
constexpr Index kDotFewRows = 12;
constexpr Index kDotMostRows = 40;
constexpr Index kDotTermsPerRow = 10;
template <class T>
constexpr Index kDotElements = (Index{1} << 14) / static_cast<Index>(sizeof(T));  // of a, for the L1 cache
template <class T>
constexpr Index kDotFewTerms = 2 * kVectorBytes / static_cast<Index>(sizeof(T));
// Products of so few rows with a b of so many columns, which is too large for the L2 cache, are bound by
// reading it: in runs of kStreamRun bytes, whose sums stay in the L1 cache, and pieces of kStreamPiece bytes.
constexpr int kStreamRows = 4;
constexpr Index kStreamColumns = 64;
constexpr Index kStreamBytes = Index{1} << 20;
constexpr Index kStreamRun = Index{1} << 14;
constexpr Index kStreamPiece = Index{1} << 18;

}  // namespace fastnn
