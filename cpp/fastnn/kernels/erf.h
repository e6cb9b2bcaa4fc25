// The error function of a vector (see vector.h). V is Vec<float> or Vec<double>.
#pragma once

#include "fastnn/kernels/math.h"

namespace fastnn {

namespace detail {

// -log(erfc(a)) / a = first + p(a), minimax by Remez's exchange, weighted for the relative error of erf; p
// begins with what `first` was rounded by. `high`: from there on erf(a) rounds to 1.
template <class T>
struct ErfConstants;
template <>
struct ErfConstants<float> {
  static constexpr float high = 3.95f;
  static constexpr float first = 0x1.20dd76p+0f;
  static constexpr float c[] = {-0x1.fbb0980000000p-25f, 0x1.45f308p-1f,  0x1.a4f37ep-4f,   -0x1.39396ep-6f,
                                -0x1.095a1cp-12f,        0x1.d7b072p-10f, -0x1.8454f4p-11f, 0x1.5f3b46p-13f,
                                -0x1.66449cp-16f,        0x1.4051eap-20f};
};
template <>
struct ErfConstants<double> {
  static constexpr double high = 6;
  static constexpr double first = 0x1.20dd750429b6dp+0;
  static constexpr double c[] = {
      0x1.67cab58bd7e7fp-57,  0x1.45f306dc9c897p-1,   0x1.a4f4e2a1b207bp-4,   -0x1.39668593d7c90p-6,
      -0x1.b6b68bee87400p-13, 0x1.bca67bd12d1ecp-10,  -0x1.35654f9cf8da7p-11, 0x1.b22bc3d2f99e7p-16,
      0x1.0e7f9a9ff9c9ep-14,  -0x1.f2afc4df37c8dp-16, 0x1.c950430ebb516p-19,  0x1.7c874ea565536p-19,
      -0x1.d37f8829e6261p-20, 0x1.692f8c18ef016p-22,  0x1.2692ce48721e8p-23,  -0x1.306b444e583ecp-23,
      0x1.1a4ff612372a7p-24,  -0x1.681ee73bc43c5p-26, 0x1.576c70fe2023cp-28,  -0x1.f346323ca2a6cp-31,
      0x1.12830145f310fp-33,  -0x1.bbae27bd3dda1p-37, 0x1.f1ecba83a6e0fp-41,  -0x1.5acbf2772e5ddp-45,
      0x1.c3922d6f37317p-51};
};

}  // namespace detail

/// erf(a) = 1 - erfc(a) = -expm1(-a (first + p(a))): one formula for all a >= 0, exact at its two ends.
template <class V>
inline V erf(V x) {
  using C = detail::ErfConstants<Lane<V>>;
  V a = absolute(x);
  a = a > C::high ? splat<V>(C::high) : a;
  return (V)(sign_bit(x) | (IntVec<V>)absolute(expm1_bounded(-fma(a, C::first, a * polynomial(C::c, a)))));
}

}  // namespace fastnn
