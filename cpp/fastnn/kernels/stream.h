// Writing past the caches, for results that they cannot hold: a store that goes through them first reads the
// line that it is about to overwrite.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif
#if defined(__unix__)
#include <unistd.h>
#endif

#include "fastnn/core/view.h"

namespace fastnn {

/// Bytes that the last cache holds; more than there are where the system does not tell, so that nothing is
/// written past it.
inline Index last_cache_bytes() {
#if defined(_SC_LEVEL3_CACHE_SIZE)
  static const long bytes = sysconf(_SC_LEVEL3_CACHE_SIZE);
  if (bytes > 0) return bytes;
#endif
  return Index{1} << 62;
}

/// to[i] = from[i] for i < n, past the caches but for the ends.
template <class T>
void stream(const T* from, Index n, T* to) {
#if defined(__SSE2__)
  constexpr Index step = 16 / static_cast<Index>(sizeof(T));
  const auto over = static_cast<Index>(reinterpret_cast<std::uintptr_t>(to) % 16 / sizeof(T));
  Index i = std::min(n, (step - over) % step);
  std::memcpy(to, from, static_cast<std::size_t>(i) * sizeof(T));
  for (; i + step <= n; i += step) {
    _mm_stream_si128(reinterpret_cast<__m128i*>(to + i),
                     _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i)));
  }
  std::memcpy(to + i, from + i, static_cast<std::size_t>(n - i) * sizeof(T));
#else
  std::memcpy(to, from, static_cast<std::size_t>(n) * sizeof(T));
#endif
}

/// To be called after stream() before another thread reads what it wrote.
inline void stream_done() {
#if defined(__SSE2__)
  _mm_sfence();
#endif
}

}  // namespace fastnn
