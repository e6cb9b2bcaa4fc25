// What the operators of compiler vectors cannot say: fused multiply-add, a look across the lanes, halves.
#pragma once

#if defined(__SSE4_1__)
#include <immintrin.h>
#endif

#include <utility>

#include "fastnn/kernels/vector.h"

namespace fastnn {

/// a b + c: rounded once where the CPU level has an instruction for it, otherwise twice. Written out, and not
/// left to the compiler, so that a function's bits do not depend on the loop that it is inlined into.
template <class V>
inline V fma(V a, V b, V c) {
#if defined(__AVX512F__)
  if constexpr (std::is_same_v<Lane<V>, float>) return (V)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
  if constexpr (std::is_same_v<Lane<V>, double>)
    return (V)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
#elif defined(__FMA__)
  if constexpr (std::is_same_v<Lane<V>, float>) return (V)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
  if constexpr (std::is_same_v<Lane<V>, double>)
    return (V)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
#else
  return a * b + c;
#endif
}
template <class V>
inline V fma(V a, Lane<V> b, V c) {
  return fma(a, splat<V>(b), c);
}
template <class V>
inline V fma(V a, V b, Lane<V> c) {
  return fma(a, b, splat<V>(c));
}
template <class V>
inline V fma(V a, Lane<V> b, Lane<V> c) {
  return fma(a, splat<V>(b), splat<V>(c));
}

/// c[0] + c[1] x + ... + c[n - 1] x^(n - 1), by Horner's rule; of many terms the even and the odd powers by
/// themselves, which halves the chain of operations that wait for each other.
template <class V, class T, int n>
inline V polynomial(const T (&c)[n], V x) {
  if constexpr (n < 8) {
    V y = splat<V>(c[n - 1]);
    for (int i = n - 2; i >= 0; --i) y = fma(y, x, c[i]);
    return y;
  } else {
    constexpr int even = (n - 1) / 2 * 2, odd = n / 2 * 2 - 1;  // the highest of each
    const V z = x * x;
    V a = splat<V>(c[even]), b = splat<V>(c[odd]);
    for (int i = even - 2; i >= 0; i -= 2) a = fma(a, z, c[i]);
    for (int i = odd - 2; i >= 1; i -= 2) b = fma(b, z, c[i]);
    return fma(b, x, a);
  }
}

/// Whether any lane of a comparison's result is true.
template <class Mask>
inline bool any(Mask mask) {
#if defined(__AVX512F__)
  return _mm512_test_epi32_mask((__m512i)mask, (__m512i)mask) != 0;
#elif defined(__AVX2__)
  return _mm256_testz_si256((__m256i)mask, (__m256i)mask) == 0;
#elif defined(__SSE4_1__)
  return _mm_testz_si128((__m128i)mask, (__m128i)mask) == 0;
#else
  std::uint64_t parts[kVectorBytes / 8], all = 0;
  std::memcpy(parts, &mask, sizeof mask);
  for (const std::uint64_t part : parts) all |= part;
  return all != 0;
#endif
}

/// A bit for each lane of a comparison of numbers of 32 bits.
inline std::uint64_t lane_bits(IntVec<Vec<float>> mask) {
#if defined(__AVX512F__)
  return _mm512_test_epi32_mask((__m512i)mask, (__m512i)mask);
#elif defined(__AVX2__)
  return static_cast<std::uint64_t>(_mm256_movemask_ps((__m256)mask));
#elif defined(__SSE4_1__)
  return static_cast<std::uint64_t>(_mm_movemask_ps((__m128)mask));
#else
  std::uint64_t bits = 0;
  for (int i = 0; i < kVectorBytes / 4; ++i) bits |= static_cast<std::uint64_t>(mask[i] & 1) << i;
  return bits;
#endif
}

template <class V>
inline IntVec<V> sign_bit(V x) {
  return (IntVec<V>)x & (IntVec<V>)(-V{});
}
template <class V>
inline V absolute(V x) {
  return (V)((IntVec<V>)x & ~(IntVec<V>)(-V{}));
}

/// The float lanes of one vector as two of double, and back.
struct Wide {
  Vec<double> low, high;
};

namespace detail {
typedef float HalfVec __attribute__((vector_size(kVectorBytes / 2)));
template <int... i>
inline HalfVec low_half(Vec<float> v, std::integer_sequence<int, i...>) {
  return __builtin_shufflevector(v, v, i...);
}
template <int... i>
inline HalfVec high_half(Vec<float> v, std::integer_sequence<int, i...>) {
  return __builtin_shufflevector(v, v, (i + kLanes<double>)...);
}
template <int... i>
inline Vec<float> join(HalfVec low, HalfVec high, std::integer_sequence<int, i...>) {
  return __builtin_shufflevector(low, high, i...);
}
template <int... i>
inline Vec<float> even_lanes(Vec<float> low, Vec<float> high, std::integer_sequence<int, i...>) {
  return __builtin_shufflevector(low, high, (2 * i)...);
}
using HalfLanes = std::make_integer_sequence<int, kLanes<double>>;
using AllLanes = std::make_integer_sequence<int, kLanes<float>>;
}  // namespace detail

inline Wide widen(Vec<float> v) {
  return {__builtin_convertvector(detail::low_half(v, detail::HalfLanes{}), Vec<double>),
          __builtin_convertvector(detail::high_half(v, detail::HalfLanes{}), Vec<double>)};
}
inline Vec<float> narrow(Wide v) {
  return detail::join(__builtin_convertvector(v.low, detail::HalfVec),
                      __builtin_convertvector(v.high, detail::HalfVec), detail::AllLanes{});
}

/// The lower 32 bits of each lane.
inline IntVec<Vec<float>> lower_bits(Wide v) {
  return (IntVec<Vec<float>>)detail::even_lanes((Vec<float>)v.low, (Vec<float>)v.high, detail::AllLanes{});
}

/// f(x) by the scalar function of a wider type in the lanes of `which`, y in the others: for arguments so
/// rare that only the answer counts.
template <class V, class F>
[[gnu::noinline, gnu::cold]] V with_scalar(V y, V x, IntVec<V> which, F f) {
  using Wider = std::conditional_t<sizeof(Lane<V>) == 4, double, long double>;
  for (Index i = 0; i < kLanes<Lane<V>>; ++i) {
    if (which[i]) y[i] = static_cast<Lane<V>>(f(static_cast<Wider>(x[i])));
  }
  return y;
}

}  // namespace fastnn
