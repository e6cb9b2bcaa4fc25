// log of a vector (see vector.h). V is Vec<float> or Vec<double>.
#pragma once

#include "fastnn/kernels/vector.h"

namespace fastnn {

namespace detail {
template <class T>
struct LogConstants;
template <>
struct LogConstants<float> {
  static constexpr int mantissa_bits = 23, terms = 5;
  static constexpr float ln2_high = 0x1.62e4p-1f, ln2_low = 0x1.7f7d1cp-20f;  // e ln2_high is exact
};
template <>
struct LogConstants<double> {
  static constexpr int mantissa_bits = 52, terms = 11;
  static constexpr double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;
};
}  // namespace detail

/// For normal numbers greater than 0, and NaN, which stays. At most 2 units in the last place off.
///
/// x = 2^e m with m in [sqrt(1/2), sqrt(2)); log(m) = 2 atanh(s) = 2 (s + s^3/3 + s^5/5 + ...) with
/// s = (m - 1) / (m + 1), |s| < 0.172.
template <class V>
inline V log(V x) {
  using T = Lane<V>;
  using C = detail::LogConstants<T>;
  using Int = IntVec<V>;
  const Int e = ((Int)x - (Int)(V{} + static_cast<T>(0.70710678118654752))) >> C::mantissa_bits;
  const V m = (V)((Int)x - (e << C::mantissa_bits));
  const V s = (m - 1) / (m + 1);
  const V square = s * s;
  V series = V{} + T{1} / (2 * C::terms + 1);
  for (int k = C::terms - 1; k >= 1; --k) series = series * square + T{1} / static_cast<T>(2 * k + 1);
  const V power = __builtin_convertvector(e, V);
  const V y = power * C::ln2_high + (2 * s + (2 * s * square * series + power * C::ln2_low));
  return x == x ? y : x;
}

/// log(1 + x) for x in [0, 1], exact for the smallest (Kahan: what 1 + x lost is divided out).
template <class V>
inline V log1p(V x) {
  const V u = 1 + x;
  const V y = log(u) * (x / (u - 1));
  return u == 1 ? x : y;
}

}  // namespace fastnn
