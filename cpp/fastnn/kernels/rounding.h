// Functions of a vector (see vector.h) whose results are exact or correctly rounded.
#pragma once

#include <cmath>

#include "fastnn/kernels/lanes.h"

namespace fastnn {

namespace detail {
/// f of every lane; the compiler makes one instruction of it where there is one.
template <class V, class F>
inline V each_lane(V x, F f) {
  V y;
  for (Index i = 0; i < kLanes<Lane<V>>; ++i) y[i] = f(x[i]);
  return y;
}
}  // namespace detail

template <class V>
inline V sqrt(V x) {
  return detail::each_lane(x, [](Lane<V> v) { return std::sqrt(v); });
}
template <class V>
inline V floor(V x) {
  return detail::each_lane(x, [](Lane<V> v) { return std::floor(v); });
}
template <class V>
inline V ceil(V x) {
  return detail::each_lane(x, [](Lane<V> v) { return std::ceil(v); });
}
template <class V>
inline V trunc(V x) {
  return detail::each_lane(x, [](Lane<V> v) { return std::trunc(v); });
}
/// Halves go to the even neighbour.
template <class V>
inline V round(V x) {
  return detail::each_lane(x, [](Lane<V> v) { return std::nearbyint(v); });
}

}  // namespace fastnn
