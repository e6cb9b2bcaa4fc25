#include "fastnn/ops/logsumexp.h"

#include <cmath>
#include <limits>

#include "fastnn/kernels/math.h"
#include "fastnn/kernels/reduce.h"
#include "fastnn/ops/reduction.h"

namespace fastnn {
namespace {

/// In one pass: the maximum so far, how many elements equal it, and the sum of exp(x - maximum) over the
/// others (Milakov and Gimelshein, "Online normalizer calculation for softmax", 2018). Keeping the maxima out
/// of the sum leaves it precise where it is small beside them.
template <class T>
struct LogSumExpFold {
  using Element = T;
  struct State {
    Vec<T> max, count, rest;
  };
  static constexpr Index kStep = kLanes<T>;
  static constexpr bool kPairwise = true;
  static constexpr T kLowest = -std::numeric_limits<T>::infinity();
  static State start() { return {splat<Vec<T>>(kLowest), Vec<T>{}, Vec<T>{}}; }
  static Vec<T> read(const T* x) { return load(x); }
  static Vec<T> read_part(const T* x, Index n) { return load_part(x, n, kLowest); }
  static void add(State& s, Vec<T> v) { s = merged(s, {v, splat<Vec<T>>(1), Vec<T>{}}); }
  static State merged(const State& a, const State& b) {
    // Of two different maxima the lower joins the rest. NaN makes the difference NaN, and so the rest.
    const auto higher = a.max < b.max;
    const Vec<T> high = higher ? b.max : a.max, low = higher ? a.max : b.max;
    const auto equal = high == low;
    const Vec<T> scale = exp_bounded(equal ? Vec<T>{} : low - high);
    const Vec<T> low_count = higher ? a.count : b.count, low_rest = higher ? a.rest : b.rest;
    const Vec<T> high_count = higher ? b.count : a.count, high_rest = higher ? b.rest : a.rest;
    return {high, equal ? high_count + low_count : high_count,
            high_rest + (equal ? low_rest : (low_count + low_rest) * scale)};
  }
  template <int By>
  static State rotated(const State& s) {
    return {rotated_lanes<By>(s.max), rotated_lanes<By>(s.count), rotated_lanes<By>(s.rest)};
  }
};

}  // namespace

template <class T>
void logsumexp(const View<const T>& x, const View<T>& out) {
  check_reduced("logsumexp", x.shape, out.shape);
  reduce<LogSumExpFold<T>>(x, out, [](const typename LogSumExpFold<T>::State& s) {
    Vec<T> result = s.max;
    for (Index i = 0; i < kLanes<T>; ++i) {
      if (s.count[i] > 0) result[i] += std::log(s.count[i]) + std::log1p(s.rest[i] / s.count[i]);
    }
    return result;
  });
}

template void logsumexp(const View<const float>&, const View<float>&);
template void logsumexp(const View<const double>&, const View<double>&);

}  // namespace fastnn
