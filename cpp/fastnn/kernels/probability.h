// How cross-entropies keep away from log(0): Keras's clip to [1e-7, 1 - 1e-7].
#pragma once

namespace fastnn {

template <class T>
constexpr T kLowestProbability = static_cast<T>(1e-7);
template <class T>
constexpr T kHighestProbability = static_cast<T>(1 - 1e-7);

/// NaN stays.
template <class T>
T clip_probability(T p) {
  return p < kLowestProbability<T>    ? kLowestProbability<T>
         : p > kHighestProbability<T> ? kHighestProbability<T>
                                      : p;
}

/// The derivative of the clip: 0 where it changes p, otherwise 1.
template <class T>
T unclipped(T p) {
  return p < kLowestProbability<T> || p > kHighestProbability<T> ? T{0} : T{1};
}

}  // namespace fastnn
