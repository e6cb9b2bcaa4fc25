// sin, cos and tan of a vector (see vector.h), for arguments of any size. V is Vec<float> or Vec<double>.
//
// x = n pi/2 + r, |r| <= pi/4 (Cody and Waite, "Software Manual for the Elementary Functions", 1980), then
// minimax polynomials for sin(r) and cos(r), of which n chooses. Arguments too large for the reduction, and
// those of float64 that come too near to a multiple of pi/2, go to the C library, each by its own value.
#pragma once

#include <cmath>

#include "fastnn/kernels/lanes.h"

namespace fastnn {

namespace detail {

/// pi/2 = first + second + third; n times each of the first two, of 33 bits, is exact for n < 2^20.
struct HalfPi {
  static constexpr double inverse = 0x1.45f306dc9c883p-1;
  static constexpr double first = 0x1.921fb544p+0, second = 0x1.0b4611a6p-34;
  static constexpr double third = 0x1.3198a2e037073p-69;
  static constexpr double magic = 0x1.8p+52;  // adding it rounds to a whole number, left in the lowest bits
  static constexpr float highest = 0x1p+20f;  // of |x|
};

/// r = high + low, n in the lowest bits of `quadrant`, and which lanes the reduction does not serve.
template <class V>
struct Reduced {
  V high, low;
  IntVec<V> quadrant, beyond;
};

inline Reduced<Vec<double>> reduce(Vec<double> x) {
  using V = Vec<double>;
  const V shifted = fma(x, HalfPi::inverse, HalfPi::magic);
  const V n = shifted - HalfPi::magic;
  const V a = fma(n, -HalfPi::first, x);  // exact
  const V product = n * HalfPi::second;   // exact
  const V b = a - product;
  const V third = fma(n, HalfPi::third, -((a - b) - product));
  const V high = b - third, low = (b - high) - third;
  // Nearer than that to a multiple of pi/2, three parts of it are too few.
  const IntVec<V> near = (absolute(high) < 0x1p-26) & (n != 0);
  return {high, low, (IntVec<V>)shifted, near | ~(absolute(x) < double{HalfPi::highest})};
}

inline Reduced<Vec<float>> reduce(Vec<float> x) {
  const Wide wide = widen(x);
  const auto shift = [](Vec<double> v) { return fma(v, HalfPi::inverse, HalfPi::magic); };
  const Wide shifted{shift(wide.low), shift(wide.high)};
  const auto rest = [](Vec<double> v, Vec<double> by) {
    const Vec<double> n = by - HalfPi::magic;
    return fma(n, -HalfPi::second, fma(n, -HalfPi::first, v));
  };
  const Vec<float> r = narrow({rest(wide.low, shifted.low), rest(wide.high, shifted.high)});
  const IntVec<Vec<float>> beyond = ~(absolute(x) < HalfPi::highest);
  return {r, Vec<float>{}, lower_bits(shifted), beyond};
}

// Minimax by Remez's exchange: (sin(r) - r) / r^3 and (cos(r) - 1 + r^2/2) / r^4 as polynomials in r^2.
template <class T>
struct SineConstants;
template <>
struct SineConstants<float> {
  static constexpr float sine[] = {-0x1.555556p-3f, 0x1.111108p-7f, -0x1.a00f94p-13f, 0x1.6cd5ecp-19f};
  static constexpr float cosine[] = {0x1.55554ap-5f, -0x1.6c0c82p-10f, 0x1.99ff4p-16f};
};
template <>
struct SineConstants<double> {
  static constexpr double sine[] = {-0x1.5555555555549p-3, 0x1.111111110f842p-7,   -0x1.a01a019c0a291p-13,
                                    0x1.71de3570fdb8cp-19, -0x1.ae5e60c4dded3p-26, 0x1.5d915e2e05fd6p-33};
  static constexpr double cosine[] = {0x1.555555555554cp-5,   -0x1.6c16c16c15140p-10, 0x1.a01a019cab745p-16,
                                      -0x1.27e4f80533eefp-22, 0x1.1ee9e890e561dp-29,  -0x1.8facd1741b59cp-37};
};

/// sin(high + low) = sin(high) + low cos(high), as far as `low` counts; and the same for cos.
template <class V>
inline V sine_of(const Reduced<V>& r) {
  const V z = r.high * r.high;
  const V p = polynomial(SineConstants<Lane<V>>::sine, z);
  if constexpr (std::is_same_v<Lane<V>, float>) return fma(r.high * z, p, r.high);
  return r.high + fma(r.high * z, p, fma(z * r.low, Lane<V>(-0.5), r.low));
}
template <class V>
inline V cosine_of(const Reduced<V>& r) {
  const V z = r.high * r.high;
  const V head = fma(z, Lane<V>(-0.5), Lane<V>(1));
  const V lost = fma(z, Lane<V>(-0.5), 1 - head);
  return head + fma(z * z, polynomial(SineConstants<Lane<V>>::cosine, z), fma(-r.high, r.low, lost));
}

/// `value`, its sign changed where bit 1 of the quadrant is set.
template <class V>
inline V signed_by(V value, IntVec<V> quadrant) {
  constexpr int up = 8 * sizeof(Lane<V>) - 2;
  return (V)((UIntVec<V>)value ^ (((UIntVec<V>)quadrant >> 1) << (up + 1)));
}

}  // namespace detail

template <class V>
inline V sin(V x) {
  const auto r = detail::reduce(x);
  V y = detail::signed_by((r.quadrant & 1) != 0 ? detail::cosine_of(r) : detail::sine_of(r), r.quadrant);
  y = x == 0 ? x : y;  // for -0
  if (__builtin_expect(any(r.beyond), 0)) {
    return with_scalar(y, x, r.beyond, [](auto v) { return std::sin(v); });
  }
  return y;
}

template <class V>
inline V cos(V x) {
  const auto r = detail::reduce(x);
  const auto odd = r.quadrant & 1;
  const V y = detail::signed_by(odd != 0 ? detail::sine_of(r) : detail::cosine_of(r), r.quadrant + odd);
  if (__builtin_expect(any(r.beyond), 0)) {
    return with_scalar(y, x, r.beyond, [](auto v) { return std::cos(v); });
  }
  return y;
}

template <class V>
inline V tan(V x) {
  const auto r = detail::reduce(x);
  const V s = detail::sine_of(r), c = detail::cosine_of(r);
  const auto odd = (r.quadrant & 1) != 0;
  V y = (odd ? -c : s) / (odd ? s : c);
  y = x == 0 ? x : y;
  if (__builtin_expect(any(r.beyond), 0)) {
    return with_scalar(y, x, r.beyond, [](auto v) { return std::tan(v); });
  }
  return y;
}

}  // namespace fastnn
