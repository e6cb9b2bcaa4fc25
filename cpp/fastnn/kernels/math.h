// exp, exp2, expm1, tanh and sigmoid of a vector (see vector.h): without branches, at most 3 units in the
// last place off, NaN, infinities, -0 and denormals as IEEE has them. V is Vec<float> or Vec<double>.
//
// They rest on exp(x) = 2^m exp(r) with x = m ln 2 + r, |r| <= ln 2 / 2 (Cody and Waite, "Software
// Manual for the Elementary Functions", 1980), and exp(r) - 1 = r + r^2 q(r) with a minimax polynomial q.
#pragma once

#include "fastnn/kernels/lanes.h"

namespace fastnn {

namespace detail {

template <class T>
struct ExpConstants;

template <>
struct ExpConstants<float> {
  static constexpr float log2e = 0x1.715476p+0f;
  static constexpr float ln2_high = 0x1.62e4p-1f;  // 16 bits: times m it is exact
  static constexpr float ln2_low = 0x1.7f7d1cp-20f;
  static constexpr float magic = 0x1.8p+23f;  // adding it rounds to a whole number, left in the lowest bits
  static constexpr float q[] = {0x1p-1f, 0x1.5554b2p-3f, 0x1.55548ap-5f, 0x1.122682p-7f, 0x1.6d96cp-10f};
  static constexpr float exp2[] = {0x1.62e43p-1f,  0x1.ebfbep-3f,   0x1.c6aecep-5f,
                                   0x1.3b29aap-7f, 0x1.5f4896p-10f, 0x1.449086p-13f};  // (2^r - 1) / r
  static constexpr float exp_low = -104, exp_high = 89;  // beyond: 0 and infinity
  static constexpr float exp2_low = -151, exp2_high = 129;
  static constexpr float expm1_low = -20;  // beyond: -1
  static constexpr float tanh_high = 10;   // beyond: 1
  static constexpr int mantissa_bits = 23, bias = 127;
};

template <>
struct ExpConstants<double> {
  static constexpr double log2e = 0x1.71547652b82fep+0;
  static constexpr double ln2_high = 0x1.62e42feep-1;
  static constexpr double ln2_low = 0x1.a39ef35793c76p-33;
  static constexpr double magic = 0x1.8p+52;
  static constexpr double q[] = {0x1.0000000000004p-1,  0x1.555555555555cp-3,  0x1.555555555255bp-5,
                                 0x1.111111110e8f3p-7,  0x1.6c16c17e582b4p-10, 0x1.a01a01b533f79p-13,
                                 0x1.a019a8abaf1c5p-16, 0x1.71ddeb4e9d74fp-19, 0x1.28a0dca0c0f9dp-22,
                                 0x1.af74d61bb6fc4p-26};
  static constexpr double exp2[] = {0x1.62e42fefa39efp-1,  0x1.ebfbdff82c5a5p-3,  0x1.c6b08d704a0d7p-5,
                                    0x1.3b2ab6fb9feb1p-7,  0x1.5d87fe78a0d90p-10, 0x1.4309130f52e3fp-13,
                                    0x1.ffcbfc7c76d87p-17, 0x1.62bfc66e26f52p-20, 0x1.b524cd878d4f2p-24,
                                    0x1.e61d549133561p-28, 0x1.ea18db461f87ep-32};
  static constexpr double exp_low = -746, exp_high = 710;
  static constexpr double exp2_low = -1076, exp2_high = 1025;
  static constexpr double expm1_low = -40;
  static constexpr double tanh_high = 22;
  static constexpr int mantissa_bits = 52, bias = 1023;
};

/// x = m ln 2 + r. Returns exp(r) - 1; the lowest bits of `shifted` hold m.
template <class V>
inline V expm1_reduced(V x, V& shifted) {
  using C = ExpConstants<Lane<V>>;
  shifted = fma(x, C::log2e, C::magic);
  const V m = shifted - C::magic;
  const V r = fma(m, -C::ln2_low, fma(m, -C::ln2_high, x));
  return fma(polynomial(C::q, r), r * r, r);
}

/// y 2^m, rounded once, with m in the lowest bits of `shifted`: also where m, and so the result, reaches
/// beyond the exponents of normal numbers.
template <class V>
inline V times_power(V y, V shifted) {
  using C = ExpConstants<Lane<V>>;
#if defined(__AVX512F__)  // in one instruction: a fifth of the time of exp
  const V m = shifted - C::magic;
  // "maskz" with a full mask: GCC 12 warns of an uninitialised value in the plain form.
  if constexpr (std::is_same_v<Lane<V>, float>) {
    return (V)_mm512_maskz_scalef_ps(static_cast<__mmask16>(-1), (__m512)y, (__m512)m);
  } else {
    return (V)_mm512_maskz_scalef_pd(static_cast<__mmask8>(-1), (__m512d)y, (__m512d)m);
  }
#else
  using UInt = UIntVec<V>;
  const UInt m = (UInt)shifted - (UInt)splat<V>(C::magic) + static_cast<Lane<UInt>>(2 * C::bias);
  const UInt half = (UInt)((IntVec<V>)m >> 1);
  return y * (V)(half << C::mantissa_bits) * (V)((m - half) << C::mantissa_bits);
#endif
}

}  // namespace detail

/// exp(x) where it is known not to overflow, as for x <= 0: saves a comparison.
template <class V>
inline V exp_bounded(V x) {
  using C = detail::ExpConstants<Lane<V>>;
  x = x < C::exp_low ? splat<V>(C::exp_low) : x;  // in this form NaN stays
  V shifted;
  const V y = detail::expm1_reduced(x, shifted) + 1;
  return detail::times_power(y, shifted);
}

template <class V>
inline V exp(V x) {
  using C = detail::ExpConstants<Lane<V>>;
  return exp_bounded(x > C::exp_high ? splat<V>(C::exp_high) : x);
}

template <class V>
inline V exp2(V x) {
  using C = detail::ExpConstants<Lane<V>>;
  x = x < C::exp2_low ? splat<V>(C::exp2_low) : x;
  x = x > C::exp2_high ? splat<V>(C::exp2_high) : x;
  const V shifted = x + C::magic;
  const V r = x - (shifted - C::magic);
  return detail::times_power(fma(r, polynomial(C::exp2, r), Lane<V>(1)), shifted);
}

/// exp(x) - 1 where it is known not to overflow.
template <class V>
inline V expm1_bounded(V x) {
  using C = detail::ExpConstants<Lane<V>>;
  using UInt = UIntVec<V>;
  V shifted;
  const V p = detail::expm1_reduced(x < C::expm1_low ? splat<V>(C::expm1_low) : x, shifted);
  const V half =
      (V)(((UInt)shifted << C::mantissa_bits) + (UInt)splat<V>(Lane<V>(0.5)));  // 2^m / 2: 2^m may overflow
  const V y = fma(half, p, half - Lane<V>(0.5));
  return absolute(x) < Lane<V>(1e-30) ? x : y + y;  // half a denormal number is none; and for -0
}

template <class V>
inline V expm1(V x) {
  using C = detail::ExpConstants<Lane<V>>;
  return expm1_bounded(x > C::exp_high ? splat<V>(C::exp_high) : x);
}

/// 1 / (1 + exp(-x)), as exp(x) / (1 + exp(x)) where x is negative: never overflows, loses no small value.
template <class V>
inline V sigmoid(V x) {
  const V e = exp_bounded((V)((IntVec<V>)x | (IntVec<V>)(-V{})));
  return (x < 0 ? e : splat<V>(1)) / (1 + e);
}

/// sign(x) e / (e + 2) with e = exp(2 |x|) - 1, which keeps its precision near 0.
template <class V>
inline V tanh(V x) {
  using C = detail::ExpConstants<Lane<V>>;
  using Int = IntVec<V>;
  const Int sign = (Int)x & (Int)(-V{});
  V a = (V)((Int)x ^ sign);
  a = a > C::tanh_high ? splat<V>(C::tanh_high) : a;
  V shifted;
  const V p = detail::expm1_reduced(a + a, shifted);
  using UInt = UIntVec<V>;
  const V scale = (V)(((UInt)shifted << C::mantissa_bits) + (UInt)(splat<V>(1)));  // 2^m, m >= 0
  const V e = fma(scale, p, scale - 1);
  return (V)((Int)(e / (e + 2)) | sign);
}

/// max(x, 0): NaN stays NaN, -0 becomes 0.
template <class V>
inline V relu(V x) {
  return x <= 0 ? V{} : x;
}

}  // namespace fastnn
