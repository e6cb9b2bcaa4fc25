// Arrays of random numbers, each a function of the seed, the stream and its place alone: see core/random.h.
#pragma once

#include <cstdint>

#include "fastnn/core/view.h"

namespace fastnn {

/// Uniform in [0, 1): 24 random bits for float, 53 for double.
template <class T>
void random_uniform(std::uint64_t seed, std::uint64_t stream, View<T> out);
/// Standard normal, by Box and Muller's transform.
template <class T>
void random_normal(std::uint64_t seed, std::uint64_t stream, View<T> out);
/// Standard normal cut off at two deviations, redrawing what falls outside.
template <class T>
void random_truncated_normal(std::uint64_t seed, std::uint64_t stream, View<T> out);
/// 0 ... n-1 in random order (Fisher and Yates).
void random_permutation(std::uint64_t seed, std::uint64_t stream, View<std::int64_t> out);

}  // namespace fastnn
