// How cross-entropies keep away from log(0): Keras's clip to [1e-7, 1 - 1e-7].
#pragma once

namespace fastnn {

template <class T>
constexpr T kLowestProbability = static_cast<T>(1e-7);
template <class T>
constexpr T kHighestProbability = static_cast<T>(1 - 1e-7);

/// V is T or a vector of T; NaN stays.
template <class T, class V>
V clip_probability(V p) {
  p = p < kLowestProbability<T> ? V{} + kLowestProbability<T> : p;
  return p > kHighestProbability<T> ? V{} + kHighestProbability<T> : p;
}

/// `gradient` where the clip leaves p as it is, otherwise 0.
template <class T, class V>
V unclipped(V p, V gradient) {
  gradient = p < kLowestProbability<T> ? V{} : gradient;
  return p > kHighestProbability<T> ? V{} : gradient;
}

}  // namespace fastnn
