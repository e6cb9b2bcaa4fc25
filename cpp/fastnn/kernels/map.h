// A function of vectors over contiguous arrays. The last, incomplete vector is padded, never a loop of
// scalars: an element gets the same bits wherever in an array it stands.
#pragma once

#include <tuple>

#include "fastnn/kernels/vector.h"

namespace fastnn {

/// Two ways to read an operand: from an array, or one value for all elements.
template <class T>
struct Contiguous {
  using Element = T;
  const T* data;
  Vec<T> whole(Index i) const { return load(data + i); }
  Vec<T> part(Index i, Index n) const { return load_part(data + i, n); }
};
template <class T>
struct Repeated {
  using Element = T;
  Vec<T> value;
  Vec<T> whole(Index) const { return value; }
  Vec<T> part(Index, Index) const { return value; }
};

namespace detail {
/// Lanes are -1 or 0; memory wants 1 or 0 in a byte each.
template <class Mask>
inline auto bytes_of(Mask mask) {
  constexpr Index lanes = sizeof(Mask) / sizeof(mask[0]);
  typedef signed char Bytes __attribute__((vector_size(lanes)));
  return __builtin_convertvector(mask, Bytes) & 1;
}
}  // namespace detail

/// The first n lanes, or all of them, to memory.
template <class Out, class V>
inline void put(Out* to, V v) {
  if constexpr (std::is_same_v<Out, bool>) {
    const auto bytes = detail::bytes_of(v);
    std::memcpy(to, &bytes, sizeof bytes);
  } else {
    store(to, v);
  }
}
template <class Out, class V>
inline void put_part(Out* to, V v, Index n) {
  if constexpr (std::is_same_v<Out, bool>) {
    const auto bytes = detail::bytes_of(v);
    std::memcpy(to, &bytes, static_cast<std::size_t>(n));
  } else {
    store_part(to, v, n);
  }
}

/// out[i] = f(in[i]...) for i < n; out may be one of the operands. Where out is bool, f gives what comparing
/// vectors gives.
template <class Out, class F, class... Readers>
inline void map(Index n, Out* out, const F& f, const Readers&... in) {
  using T = typename std::tuple_element_t<0, std::tuple<Readers...>>::Element;
  Index i = 0;
  for (; i + kLanes<T> <= n; i += kLanes<T>) put(out + i, f(in.whole(i)...));
  if (i < n) put_part(out + i, f(in.part(i, n - i)...), n - i);
}

}  // namespace fastnn
