// x to the power of y, of vectors (see vector.h): with IEEE 754's table of special values, as C's pow has it.
// V is Vec<float> or Vec<double>.
//
// |x| = 2^e m with m in [sqrt(1/2), sqrt(2)); log2(m) = 2/ln 2 atanh(s) with s = (m - 1) / (m + 1); the
// result is 2^(y log2|x|). The product y log2|x| reaches beyond 1000, so its error comes up to 1000 times as
// large in the result: float32 computes in float64, float64 carries the logarithm as a sum of two numbers.
#pragma once

#include <limits>

#include "fastnn/kernels/log.h"
#include "fastnn/kernels/math.h"

namespace fastnn {

namespace detail {

/// A number as the sum of two, the second at most half a unit in the last place of the first.
struct Pair {
  Vec<double> high, low;
};

/// a b, exactly.
inline Pair exact_product(Vec<double> a, Vec<double> b) {
  const Vec<double> high = a * b;
#if defined(__FMA__)
  return {high, fma(a, b, -high)};
#else  // T. J. Dekker, "A floating-point technique for extending the available precision", 1971
  const auto upper = [](Vec<double> v) {
    const Vec<double> c = v * 0x1.0000002p+27;
    return c - (c - v);
  };
  const Vec<double> a1 = upper(a), b1 = upper(b), a2 = a - a1, b2 = b - b1;
  return {high, a2 * b2 - (((high - a1 * b1) - a2 * b1) - a1 * b2)};
#endif
}
inline Pair operator*(Pair a, Pair b) {
  const Pair p = exact_product(a.high, b.high);
  const Vec<double> low = p.low + fma(a.high, b.low, a.low * b.high);
  const Vec<double> high = p.high + low;
  return {high, (p.high - high) + low};
}
/// |a| >= |b.high|, or a = 0.
inline Pair operator+(Vec<double> a, Pair b) {
  const Vec<double> high = a + b.high;
  return {high, ((a - high) + b.high) + b.low};
}
inline Pair pair(double high, double low) { return {splat<Vec<double>>(high), splat<Vec<double>>(low)}; }

/// log2 of normal x > 0, as a sum, to some 64 bits. `shift`: the power of two that x was multiplied by.
inline Pair log2_pair(Vec<double> x, Vec<double> shift) {
  using V = Vec<double>;
  // atanh(s)/s = 1 + z (1/3 + z p(z)), z = s^2; minimax by Remez's exchange
  constexpr double c[] = {0x1.9999999999b30p-3, 0x1.2492492457d22p-3, 0x1.c71c722d6b819p-4,
                          0x1.745ce9e18b97ep-4, 0x1.3b1eec6217339p-4, 0x1.0f7fe15104ee4p-4,
                          0x1.0e42fcbeb9a73p-4};
  const IntVec<V> e = log_exponent(x);
  const V f = (V)((UIntVec<V>)x - ((UIntVec<V>)e << 52)) - 1;
  const V g = 2 + f, inverse = 1 / g;
  const V quotient = f * inverse;
  const Pair back = exact_product(quotient, g);
  const Pair s{quotient, (((f - back.high) - back.low) - quotient * (f - (g - 2))) * inverse};
  const Pair z = s * s;
  const V w = z.high * polynomial(c, z.high);
  constexpr double third = 0x1.5555555555555p-2;
  const Pair series = splat<V>(1) + z * (splat<V>(third) + Pair{w, splat<V>(third * 0x1p-54)});
  return (__builtin_convertvector(e, V) - shift) +
         pair(0x1.71547652b82fep+1, 0x1.777d0ffda0d24p-55) * (s * series);
}

/// 2^(high + low), rounded once more where the result is no normal number.
inline Vec<double> exp2_pair(Pair x) {
  using V = Vec<double>;
  constexpr double beyond = 1100;  // there all is 0 or infinity
  const V shifted = x.high + ExpConstants<double>::magic;
  const V r = (x.high - (shifted - ExpConstants<double>::magic)) + x.low;
  const V y = times_power(fma(r, polynomial(ExpConstants<double>::exp2, r), 1.0), shifted);
  return absolute(x.high) < beyond ? y : x.high > 0 ? splat<V>(std::numeric_limits<double>::infinity()) : V{};
}

/// (2^-shift x)^y for finite x > 0, normal in float64, and any y but NaN.
inline Vec<double> power_of_positive(Vec<double> x, Vec<double> shift, Vec<double> y) {
  constexpr double large = 0x1p70;  // as exponent it stands for all larger ones
  y = y > large ? splat<Vec<double>>(large) : y < -large ? splat<Vec<double>>(-large) : y;
  return exp2_pair(Pair{y, {}} * log2_pair(x, shift));
}

/// The same in float64, to 30 bits, for float32.
inline Vec<double> power_in_double(Vec<double> x, Vec<double> y) {
  using V = Vec<double>;
  constexpr double atanh[] = {0x1.555554fd939d0p-1, 0x1.999a7a9c80733p-2, 0x1.2438d2e488bd8p-2,
                              0x1.e2f72118fe3efp-3};
  constexpr double exp2[] = {0x1.62e430cd9fa97p-1, 0x1.ebfbe0d8d0be9p-3,  0x1.c6aecda54a509p-5,
                             0x1.3b29a907b1cd1p-7, 0x1.5f489588f4c71p-10, 0x1.449085013656cp-13};
  constexpr double highest = 1000;
  const IntVec<V> e = log_exponent(x);
  const V f = (V)((UIntVec<V>)x - ((UIntVec<V>)e << 52)) - 1;
  const V s = f / (2 + f), z = s * s;
  const V log = fma(s * z, polynomial(atanh, z), s + s);
  V t = y * fma(log, LogConstants<double>::log2_e, __builtin_convertvector(e, V));
  t = t > highest ? splat<V>(highest) : t;
  t = t < -highest ? splat<V>(-highest) : t;
  const V shifted = t + ExpConstants<double>::magic;
  const V r = t - (shifted - ExpConstants<double>::magic);
  using UInt = UIntVec<V>;
  return (V)((UInt)fma(r, polynomial(exp2, r), 1.0) + ((UInt)shifted << 52));
}
inline Vec<float> power_of_positive(Vec<float> x, Vec<float>, Vec<float> y) {
  const Wide wide = widen(x), exponent = widen(y);
  return narrow({power_in_double(wide.low, exponent.low), power_in_double(wide.high, exponent.high)});
}

/// The least number from which on all are whole.
template <class T>
constexpr T kWhole = static_cast<T>(sizeof(T) == 4 ? 0x1p23 : 0x1p52);

template <class V>
[[gnu::noinline]] V power_any(V x, V y) {
  using T = Lane<V>;
  using Int = IntVec<V>;
  using Limits = std::numeric_limits<T>;
  const V inf = splat<V>(Limits::infinity()), zero{};
  const V a = absolute(x), b = absolute(y);
  const Int tiny = (a < Limits::min()) & (Int{} - (sizeof(T) == 8));
  V power = power_of_positive(tiny ? a * static_cast<T>(0x1p54) : a, tiny ? splat<V>(54) : zero, y);
  power = (a == 0) | (a == inf) ? ((a == 0) == (y > 0) ? zero : inf) : power;
  // Adding 2^23 (2^52) rounds to a whole number and leaves its lowest bit the lowest.
  const V shifted = b + kWhole<T>;
  const Int small = b < kWhole<T>;
  const Int fraction = small & (shifted - kWhole<T> != b);
  const Int odd = (((small ? (Int)shifted : (Int)b) & 1) != 0) & ~fraction & (b < 2 * kWhole<T>);
  power = ((Int)x < 0) & odd ? -power : power;
  power = (x < 0) & fraction & (a != inf) ? splat<V>(Limits::quiet_NaN()) : power;
  power = (a == 1) & (b == inf) ? splat<V>(1) : power;
  power = (x == x) & (y == y) ? power : x + y;
  return (x == 1) | (y == 0) ? splat<V>(1) : power;
}

}  // namespace detail

template <class V>
inline V power(V x, V y) {
  using Limits = std::numeric_limits<Lane<V>>;
  const auto usual = (x >= Limits::min()) & (x <= Limits::max()) & (absolute(y) <= Limits::max());
  if (__builtin_expect(any(~usual), 0)) return detail::power_any(x, y);
  return detail::power_of_positive(x, V{}, y);
}

}  // namespace fastnn
