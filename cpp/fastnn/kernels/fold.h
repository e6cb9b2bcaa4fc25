// What a reduction does with elements, a vector at a time. A fold has
//   Element     the type of the array's elements
//   State       vectors in whose lanes results are built up, kStep lanes each
//   start()     the state of no elements
//   add(s, v)   takes in a vector of elements, read by read(x), kStep of them, or read_part(x, n)
//   merged(a, b)  the state of the elements of a followed by those of b, lane by lane
//   rotated<By>(s)  the state with its lanes moved by By: how the lanes of one state are merged
//   kPairwise   whether the order of merging matters; where not, settled(s): whether no element can change it
#pragma once

#include <limits>
#include <utility>
#if defined(__AVX__)
#include <immintrin.h>
#endif

#include "fastnn/kernels/vector.h"

namespace fastnn {

/// Lane i of the result is lane i + By of v.
template <int By, class V, std::size_t... I>
inline V rotated_lanes(V v, std::index_sequence<I...>) {
  return __builtin_shufflevector(v, v, (I + By) % sizeof...(I)...);
}
template <int By, class V>
inline V rotated_lanes(V v) {
  return rotated_lanes<By>(v, std::make_index_sequence<sizeof(V) / sizeof(v[0])>());
}

/// As many T as there are double in a vector, widened.
template <class T>
inline Vec<double> load_wide(const T* from) {
  if constexpr (std::is_same_v<T, double>) {
    return load(from);
  } else {
    typedef T Half __attribute__((vector_size(kVectorBytes / 2)));
    Half half;
    std::memcpy(&half, from, sizeof half);
#if defined(__AVX512F__)  // GCC 12 would make several instructions of it, for a third of the speed
    return (Vec<double>)_mm512_maskz_cvtps_pd(static_cast<__mmask8>(-1), (__m256)half);
#elif defined(__AVX__)
    return (Vec<double>)_mm256_cvtps_pd((__m128)half);
#else
    return __builtin_convertvector(half, Vec<double>);
#endif
  }
}

/// The first n of them; the others are `fill`.
template <class T>
inline Vec<double> load_wide_part(const T* from, Index n, T fill) {
  T padded[kLanes<double>];
  for (T& value : padded) value = fill;
  for (Index i = 0; i < n; ++i) padded[i] = from[i];
  return load_wide(padded);
}

/// What is done to an element before it is added.
struct Same {
  template <class V>
  V operator()(V v) const {
    return v;
  }
};
struct Squared {
  template <class V>
  V operator()(V v) const {
    return v * v;
  }
};
struct Absolute {
  template <class V>
  V operator()(V v) const {
    return (V)((IntVec<V>)v & ~(IntVec<V>)(-V{}));
  }
};

/// Sums in float64.
template <class T, class F = Same>
struct SumFold {
  using Element = T;
  using State = Vec<double>;
  static constexpr Index kStep = kLanes<double>;
  static constexpr bool kPairwise = true;
  static State start() { return State{}; }
  static Vec<double> read(const T* x) { return F{}(load_wide(x)); }
  static Vec<double> read_part(const T* x, Index n) { return F{}(load_wide_part(x, n, T{0})); }
  static void add(State& s, Vec<double> v) { s += v; }
  static State merged(const State& a, const State& b) { return a + b; }
  template <int By>
  static State rotated(const State& s) {
    return rotated_lanes<By>(s);
  }
};

/// Products in float64.
template <class T>
struct ProductFold : SumFold<T> {
  using State = Vec<double>;
  static State start() { return splat<State>(1); }
  static Vec<double> read_part(const T* x, Index n) { return load_wide_part(x, n, T{1}); }
  static void add(State& s, Vec<double> v) { s *= v; }
  static State merged(const State& a, const State& b) { return a * b; }
};

/// Maxima, or with Sign = -1 minima: NaN where there is any, which is kept apart because that makes the
/// maximum one instruction.
template <class T, int Sign = 1, class F = Same>
struct ExtremumFold {
  using Element = T;
  struct State {
    Vec<T> extremum, nan;
    Vec<T> result() const { return nan == nan ? extremum : nan; }
  };
  static constexpr Index kStep = kLanes<T>;
  static constexpr bool kPairwise = false;
  static constexpr T kLowest = -Sign * std::numeric_limits<T>::infinity();
  static State start() { return {splat<Vec<T>>(kLowest), Vec<T>{}}; }
  static Vec<T> read(const T* x) { return F{}(load(x)); }
  static Vec<T> read_part(const T* x, Index n) {
    // 0 changes no maximum of absolute values.
    return F{}(load_part(x, n, std::is_same_v<F, Same> ? kLowest : T{0}));
  }
  static void add(State& s, Vec<T> v) {
    s.extremum = better(s.extremum, v);
    s.nan = v == v ? s.nan : v;
  }
  static State merged(const State& a, const State& b) {
    return {better(a.extremum, b.extremum), b.nan == b.nan ? a.nan : b.nan};
  }
  static bool settled(const State&) { return false; }
  template <int By>
  static State rotated(const State& s) {
    return {rotated_lanes<By>(s.extremum), rotated_lanes<By>(s.nan)};
  }

 private:
  static Vec<T> better(Vec<T> a, Vec<T> b) { return (Sign > 0 ? b > a : b < a) ? b : a; }
};

/// Whether any element is not 0, or with Every whether none is: all bits of a lane, or none.
template <class T, bool Every>
struct TruthFold {
  using Element = T;
  using State = IntVec<Vec<T>>;
  static constexpr Index kStep = kLanes<T>;
  static constexpr bool kPairwise = false;
  static State start() { return Every ? ~State{} : State{}; }
  static State read(const T* x) { return load(x) != 0; }
  static State read_part(const T* x, Index n) { return load_part(x, n, T{Every}) != 0; }
  static void add(State& s, State v) { s = merged(s, v); }
  static State merged(const State& a, const State& b) { return Every ? a & b : a | b; }
  static bool settled(const State& s) {
#pragma GCC unroll 16
    for (Index i = 0; i < kStep; ++i) {
      if ((s[i] == 0) == Every) return true;
    }
    return false;
  }
  template <int By>
  static State rotated(const State& s) {
    return rotated_lanes<By>(s);
  }
};

/// Sums of x - centre and of its square, in float64. The centre, a mean of some of the elements, keeps the
/// differences small where the mean is large; where it is exact this is the two-pass algorithm (Chan, Golub
/// and LeVeque, "Algorithms for computing the sample variance", 1983).
template <class T>
struct MomentFold {
  using Element = T;
  struct State {
    Vec<double> centre, sum, squares;
  };
  static constexpr Index kStep = kLanes<double>;
  static constexpr bool kPairwise = true;
  static constexpr bool kCentred = true;
  static State start(Vec<double> centre) { return {centre, Vec<double>{}, Vec<double>{}}; }
  static Vec<double> read(const T* x) { return load_wide(x); }
  static void add(State& s, Vec<double> v) { add_difference(s, v - s.centre); }
  static void add_part(State& s, const T* x, Index n) {
    Vec<double> difference = load_wide_part(x, n, T{0}) - s.centre;
    for (Index i = n; i < kStep; ++i) difference[i] = 0;
    add_difference(s, difference);
  }
  static Vec<double> read_part(const T* x, Index n) { return load_wide_part(x, n, T{0}); }
  static State merged(const State& a, const State& b) {
    return {a.centre, a.sum + b.sum, a.squares + b.squares};
  }
  template <int By>
  static State rotated(const State& s) {
    return {s.centre, rotated_lanes<By>(s.sum), rotated_lanes<By>(s.squares)};
  }

 private:
  static void add_difference(State& s, Vec<double> difference) {
    s.sum += difference;
    s.squares += difference * difference;
  }
};

}  // namespace fastnn
