// Philox of core/random.h, the words of several counters at once.
#pragma once

#if defined(__SSE4_1__)
#include <immintrin.h>
#endif

#include "fastnn/kernels/vector.h"

namespace fastnn {

namespace detail {

using Wide32 = Vec<std::uint64_t>;  // 32-bit numbers in lanes of 64; what is above them has no meaning

/// The products of the lower halves.
inline Wide32 multiply(Wide32 a, Wide32 b) {
#if defined(__AVX512F__)
  // With a mask of all: GCC 12 takes the plain function for one that reads what was never set.
  return (Wide32)_mm512_maskz_mul_epu32(0xFF, (__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
  return (Wide32)_mm256_mul_epu32((__m256i)a, (__m256i)b);
#elif defined(__SSE4_1__)
  return (Wide32)_mm_mul_epu32((__m128i)a, (__m128i)b);
#else
  return (a & 0xFFFFFFFF) * (b & 0xFFFFFFFF);
#endif
}

template <std::size_t... i>
inline Wide32 consecutive(std::uint64_t first, std::index_sequence<i...>) {
  return first + Wide32{i...};
}

/// a[0], b[0], a[1], b[1] ...: the first half of these, and the second.
template <std::size_t... i>
inline void interleave(Wide32& a, Wide32& b, std::index_sequence<i...>) {
  constexpr int half = sizeof...(i) / 2, n = sizeof...(i);
  const Wide32 low = __builtin_shufflevector(a, b, (i / 2 + i % 2 * n)...);
  b = __builtin_shufflevector(a, b, (half + i / 2 + i % 2 * n)...);
  a = low;
}

}  // namespace detail

/// Counters whose words philox_words() gives at once.
constexpr Index kPhiloxCounters = kLanes<std::uint64_t>;

/// The words of the kPhiloxCounters blocks from `counter` on, in order.
inline void philox_words(std::uint64_t seed, std::uint64_t stream, std::uint64_t counter,
                         Vec<std::uint32_t> (&words)[2]) {
  using detail::Wide32;
  std::uint64_t k0 = seed, k1 = seed >> 32;
  constexpr auto lanes = std::make_index_sequence<kPhiloxCounters>{};
  Wide32 c0 = detail::consecutive(counter, lanes);
  Wide32 c1 = c0 >> 32, c2 = splat<Wide32>(stream), c3 = splat<Wide32>(stream >> 32);
#pragma GCC unroll 16
  for (int round = 0; round < 10; ++round) {
    const Wide32 p0 = detail::multiply(c0, splat<Wide32>(0xD2511F53));
    const Wide32 p1 = detail::multiply(c2, splat<Wide32>(0xCD9E8D57));
    c0 = (p1 >> 32) ^ c1 ^ k0;
    c1 = p1;
    c2 = (p0 >> 32) ^ c3 ^ k1;
    c3 = p0;
    k0 += 0x9E3779B9;
    k1 += 0xBB67AE85;
  }
  Wide32 low = (c0 & 0xFFFFFFFF) | c1 << 32, high = (c2 & 0xFFFFFFFF) | c3 << 32;
  detail::interleave(low, high, lanes);
  words[0] = (Vec<std::uint32_t>)low;
  words[1] = (Vec<std::uint32_t>)high;
}

}  // namespace fastnn
