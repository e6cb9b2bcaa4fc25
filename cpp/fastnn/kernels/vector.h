// Vectors as the compiler knows them: one register of T, with + - * / and ?: per lane on every CPU level.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "fastnn/core/view.h"
#include "fastnn/kernels/config.h"

namespace fastnn {

namespace detail {
template <class T>
struct VectorOf {
  typedef T type __attribute__((vector_size(kVectorBytes)));
};
}  // namespace detail

template <class T>
using Vec = typename detail::VectorOf<T>::type;

/// Number of T in a vector.
template <class T>
constexpr Index kLanes = kVectorBytes / static_cast<Index>(sizeof(T));

/// Of a vector type V: what its lanes hold, and the vector of whole numbers of the same width. Comparisons
/// give the latter; a cast between the two keeps the bits.
template <class V>
using Lane = std::remove_reference_t<decltype(std::declval<V&>()[0])>;
template <class V>
using IntVec = Vec<std::conditional_t<sizeof(Lane<V>) == 4, std::int32_t, std::int64_t>>;
/// Without sign: for arithmetic on bits, which those of NaN make overflow.
template <class V>
using UIntVec = Vec<std::conditional_t<sizeof(Lane<V>) == 4, std::uint32_t, std::uint64_t>>;

/// The value in all lanes. Taking 0 away changes no number, adding it would change -0.
template <class V>
inline V splat(Lane<V> value) {
  return value - V{};
}

/// From and to any address.
template <class T>
inline Vec<T> load(const T* from) {
  Vec<T> v;
  std::memcpy(&v, from, sizeof v);
  return v;
}
template <class T>
inline void store(T* to, Vec<T> v) {
  std::memcpy(to, &v, sizeof v);
}

/// The first n < kLanes lanes; the others read as `fill`. Going through whole vectors gives an element the
/// same bits wherever in an array it stands.
template <class T>
inline Vec<T> load_part(const T* from, Index n, T fill = 0) {
  Vec<T> v = splat<Vec<T>>(fill);
  std::memcpy(&v, from, static_cast<std::size_t>(n) * sizeof(T));
  return v;
}
template <class T>
inline void store_part(T* to, Vec<T> v, Index n) {
  std::memcpy(to, &v, static_cast<std::size_t>(n) * sizeof(T));
}

}  // namespace fastnn
