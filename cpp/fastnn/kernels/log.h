// log, log1p, log2 and log10 of a vector (see vector.h): at most 2 units in the last place off, everywhere, 3
// without fused multiply-add.
// V is Vec<float> or Vec<double>. As IEEE 754 has it, 0 gives -infinity, less than 0 NaN.
//
// x = 2^e m with m in [sqrt(1/2), sqrt(2)), f = m - 1, log(x) = e ln 2 + log(1 + f). A vector that holds
// nothing but normal positive numbers goes the short way; the long way gives them the same bits.
#pragma once

#include <limits>

#include "fastnn/kernels/lanes.h"

namespace fastnn {

namespace detail {

template <class T>
struct LogConstants;
template <>
struct LogConstants<float> {
  static constexpr int mantissa_bits = 23, bias = 127;
  // Few enough bits that e times the high part is exact.
  static constexpr float ln2_high = 0x1.62e4p-1f, ln2_low = 0x1.7f7d1cp-20f;
  static constexpr float log10_2_high = 0x1.344p-2f, log10_2_low = 0x1.3509f8p-18f;
  static constexpr float log2_e = 0x1.715476p+0f, log2_e_low = 0x1.4ae0cp-26f;
  static constexpr float log10_e = 0x1.bcb7b2p-2f, log10_e_low = -0x1.5b235ep-27f;
  // (log(1 + f) - f) / f^2, minimax by Remez's exchange, weighted for the relative error of log(1 + f)
  static constexpr float c[] = {-0x1.fffff8p-2f, 0x1.55555p-2f,   -0x1.000426p-2f,
                                0x1.99a3f2p-3f,  -0x1.54276cp-3f, 0x1.22719cp-3f,
                                -0x1.0f3768p-3f, 0x1.084868p-3f,  -0x1.383024p-4f};
};
template <>
struct LogConstants<double> {
  static constexpr int mantissa_bits = 52, bias = 1023;
  static constexpr double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;
  static constexpr double log10_2_high = 0x1.34413509f8p-2, log10_2_low = -0x1.80433b83b532ap-44;
  static constexpr double log2_e = 0x1.71547652b82fep+0, log2_e_low = 0x1.777d0ffda0d24p-56;
  static constexpr double log10_e = 0x1.bcb7b1526e50ep-2, log10_e_low = 0x1.95355baaafad3p-57;
  // (2 atanh(s) / s - 2) / s^2 as a polynomial in s^2, minimax in the same way
  static constexpr double c[] = {0x1.5555555555592p-1, 0x1.999999997fd77p-2, 0x1.24924941f4fe6p-2,
                                 0x1.c71c5206067bap-3, 0x1.74663fa24885fp-3, 0x1.39a1a6f78cd2ap-3,
                                 0x1.2f06346215846p-3};
};

/// log(1 + f) - f for f in [sqrt(1/2) - 1, sqrt(2) - 1).
inline Vec<float> log_rest(Vec<float> f) { return f * f * polynomial(LogConstants<float>::c, f); }

/// With s = f / (2 + f): log(1 + f) = 2 atanh(s) = f - (f^2/2 - s (f^2/2 + R)), R = 2 atanh(s)/s - 2: the
/// form in which no rounding error is large beside the result (the one of Sun's fdlibm, e_log.c, 1993).
inline Vec<double> log_rest(Vec<double> f) {
  const Vec<double> s = f / (2 + f), z = s * s;
  const Vec<double> half = f * f * 0.5;
  return fma(s, fma(z, polynomial(LogConstants<double>::c, z), half), -half);
}

/// e of x = 2^e m.
template <class V>
inline IntVec<V> log_exponent(V x) {
  using T = Lane<V>;
  // Without sign, where the bits of negative numbers and NaN may overflow.
  const auto above = (UIntVec<V>)x - (UIntVec<V>)splat<V>(static_cast<T>(0.70710678118654752));
  return (IntVec<V>)above >> LogConstants<T>::mantissa_bits;
}

/// The three bases: from e and f, 2^e (1 + f) being x.
struct Natural {
  template <class V>
  static V combine(V e, V f) {
    using C = LogConstants<Lane<V>>;
    return fma(e, C::ln2_high, f + fma(e, C::ln2_low, log_rest(f)));
  }
};
struct Binary {
  template <class V>
  static V combine(V e, V f) {
    using C = LogConstants<Lane<V>>;
    return e + fma(f, C::log2_e, fma(f, C::log2_e_low, log_rest(f) * C::log2_e));
  }
};
struct Decimal {
  template <class V>
  static V combine(V e, V f) {
    using C = LogConstants<Lane<V>>;
    const V low = fma(e, C::log10_2_low, fma(f, C::log10_e_low, log_rest(f) * C::log10_e));
    return fma(e, C::log10_2_high, fma(f, C::log10_e, low));
  }
};

/// `shift`: the power of two that x was multiplied by.
template <class Base, class V>
inline V log_normal(V x, V shift) {
  const IntVec<V> e = log_exponent(x);
  const V m = (V)((UIntVec<V>)x - ((UIntVec<V>)e << LogConstants<Lane<V>>::mantissa_bits));
  return Base::combine(__builtin_convertvector(e, V) - shift, m - 1);
}

template <class Base, class V>
[[gnu::noinline]] V log_any(V x) {
  using T = Lane<V>;
  using Limits = std::numeric_limits<T>;
  constexpr int bits = LogConstants<T>::mantissa_bits + 1;
  const IntVec<V> tiny = x < Limits::min();
  V y =
      log_normal<Base>(tiny ? x * static_cast<T>(std::uint64_t{1} << bits) : x, tiny ? splat<V>(bits) : V{});
  y = x < Limits::infinity() ? y : x;  // infinity and NaN stay
  y = x < 0 ? splat<V>(Limits::quiet_NaN()) : y;
  return x == 0 ? splat<V>(-Limits::infinity()) : y;
}

template <class Base, class V>
inline V log_of(V x) {
  using Limits = std::numeric_limits<Lane<V>>;
  // Of the bits as a whole number: one comparison for both ends, false for NaN and what has a sign.
  using UInt = UIntVec<V>;
  const UInt least = (UInt)splat<V>(Limits::min());
  const auto unusual = (UInt)x - least >= (UInt)splat<V>(Limits::infinity()) - least;
  if (__builtin_expect(any(unusual), 0)) return log_any<Base>(x);
  return log_normal<Base>(x, V{});
}

}  // namespace detail

template <class V>
inline V log(V x) {
  return detail::log_of<detail::Natural>(x);
}
template <class V>
inline V log2(V x) {
  return detail::log_of<detail::Binary>(x);
}
template <class V>
inline V log10(V x) {
  return detail::log_of<detail::Decimal>(x);
}

namespace detail {

/// For x > -1 and, so that 2^-e is normal, not too large. 1 + x = 2^e (1 + f) with f = 2^-e x + (2^-e - 1),
/// which is x itself where e is 0 and loses nothing that counts elsewhere.
template <class V>
inline V log1p_usual(V x) {
  using C = LogConstants<Lane<V>>;
  using Int = IntVec<V>;
  const Int e = log_exponent(1 + x);
  const V scale = (V)((static_cast<Lane<Int>>(C::bias) - e) << C::mantissa_bits);
  const V y = Natural::combine(__builtin_convertvector(e, V), fma(x, scale, scale - 1));
  return (V)((Int)y | sign_bit(x));  // for -0
}

template <class V>
[[gnu::noinline]] V log1p_any(V x) {
  using Limits = std::numeric_limits<Lane<V>>;
  const IntVec<V> large = x > static_cast<Lane<V>>(0x1p60);
  V y = log1p_usual(large ? V{} : x);
  y = large ? log_any<Natural>(x) : y;
  y = x < -1 ? splat<V>(Limits::quiet_NaN()) : y;
  y = x == -1 ? splat<V>(-Limits::infinity()) : y;
  return x == x ? y : x;
}

}  // namespace detail

/// log(1 + x), exact for the smallest.
template <class V>
inline V log1p(V x) {
  const auto usual = (x > -1) & (x <= static_cast<Lane<V>>(0x1p60));
  if (__builtin_expect(any(~usual), 0)) return detail::log1p_any(x);
  return detail::log1p_usual(x);
}

}  // namespace fastnn
