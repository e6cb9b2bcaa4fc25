#include "fastnn/core/random.h"

#include <cmath>
#include <utility>

#include "fastnn/core/check.h"
#include "fastnn/core/parallel.h"

namespace fastnn {
namespace {

using Words = std::array<std::uint32_t, 4>;

constexpr Index kBlock = 2 * 1024;  // Philox blocks that pay for another thread

std::uint64_t join(std::uint32_t low, std::uint32_t high) { return std::uint64_t{high} << 32 | low; }

// What one Philox block gives: four floats or two doubles.
template <class T>
constexpr Index kPerBlock = std::is_same_v<T, float> ? 4 : 2;

std::array<float, 4> uniform(const Words& w, float) {
  auto to = [](std::uint32_t bits) { return static_cast<float>(bits >> 8) * 0x1p-24f; };
  return {to(w[0]), to(w[1]), to(w[2]), to(w[3])};
}
std::array<double, 2> uniform(const Words& w, double) {
  auto to = [](std::uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1p-53; };
  return {to(join(w[0], w[1])), to(join(w[2], w[3]))};
}

// u in (0, 1] makes the radius, v in [0, 1) the angle.
template <class T>
std::pair<T, T> box_muller(T u, T v) {
  const T radius = std::sqrt(-2 * std::log(u));
  const T angle = static_cast<T>(6.283185307179586) * v;
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

// All 32 bits go into u: 24 would end the normal at 5.8 deviations.
std::array<float, 4> normal(const Words& w, float) {
  auto u = [](std::uint32_t bits) { return (static_cast<float>(bits) + 1) * 0x1p-32f; };
  auto v = [](std::uint32_t bits) { return static_cast<float>(bits >> 8) * 0x1p-24f; };
  const auto [a, b] = box_muller(u(w[0]), v(w[1]));
  const auto [c, d] = box_muller(u(w[2]), v(w[3]));
  return {a, b, c, d};
}
std::array<double, 2> normal(const Words& w, double) {
  const double u = static_cast<double>((join(w[0], w[1]) >> 11) + 1) * 0x1p-53;
  const auto [a, b] = box_muller(u, static_cast<double>(join(w[2], w[3]) >> 11) * 0x1p-53);
  return {a, b};
}

// Fills `out` with what draw(words) makes of block after block.
template <class T, class F>
void fill(const char* op, std::uint64_t seed, std::uint64_t stream, const View<T>& out, F draw) {
  check(out.is_contiguous(), op, "out must be contiguous");
  const Index n = out.size();
  constexpr Index per = kPerBlock<T>;
  parallel_for((n + per - 1) / per, kBlock, [&](Index begin, Index end) {
    for (Index block = begin; block < end; ++block) {
      const auto values = draw(philox(seed, stream, static_cast<std::uint64_t>(block)));
      const Index count = std::min(per, n - block * per);
      for (Index k = 0; k < count; ++k) out.data[block * per + k] = values[static_cast<std::size_t>(k)];
    }
  });
}

// Whole numbers below a bound, without bias (Lemire, "Fast random integer generation in an interval", 2019).
class Bounded {
 public:
  Bounded(std::uint64_t seed, std::uint64_t stream) : seed_(seed), stream_(stream) {}
  std::uint64_t below(std::uint64_t bound) {
    Product product = Product{next()} * bound;
    if (static_cast<std::uint64_t>(product) < bound) {
      const std::uint64_t least = (0 - bound) % bound;
      while (static_cast<std::uint64_t>(product) < least) product = Product{next()} * bound;
    }
    return static_cast<std::uint64_t>(product >> 64);
  }

 private:
  __extension__ using Product = unsigned __int128;
  std::uint64_t next() {
    if (drawn_ % 2 == 0) words_ = philox(seed_, stream_, drawn_ / 2);
    return drawn_++ % 2 == 0 ? join(words_[0], words_[1]) : join(words_[2], words_[3]);
  }
  std::uint64_t seed_, stream_, drawn_ = 0;
  Words words_{};
};

}  // namespace

template <class T>
void random_uniform(std::uint64_t seed, std::uint64_t stream, View<T> out) {
  fill("random_uniform", seed, stream, out, [](const Words& words) { return uniform(words, T{}); });
}

template <class T>
void random_normal(std::uint64_t seed, std::uint64_t stream, View<T> out) {
  fill("random_normal", seed, stream, out, [](const Words& words) { return normal(words, T{}); });
}

template <class T>
void random_truncated_normal(std::uint64_t seed, std::uint64_t stream, View<T> out) {
  random_normal(seed, stream, out);
  parallel_for(out.size(), kBlock, [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      // Redraws have blocks of their own, 2^48 apart, so that none moves another element.
      for (std::uint64_t redraw = 1; std::abs(out.data[i]) > 2; ++redraw) {
        out.data[i] = normal(philox(seed, stream, redraw << 48 | static_cast<std::uint64_t>(i)), T{})[0];
      }
    }
  });
}

void random_permutation(std::uint64_t seed, std::uint64_t stream, View<std::int64_t> out) {
  check(out.ndim() == 1, "random_permutation", "out must have one dimension; received shape ", out.shape);
  const Index n = out.shape[0], step = out.strides[0];
  for (Index i = 0; i < n; ++i) out.data[i * step] = i;
  Bounded random(seed, stream);
  for (Index i = n - 1; i > 0; --i) {
    const Index j = static_cast<Index>(random.below(static_cast<std::uint64_t>(i) + 1));
    std::swap(out.data[i * step], out.data[j * step]);
  }
}

#define FASTNN_RANDOM(T)                                               \
  template void random_uniform(std::uint64_t, std::uint64_t, View<T>); \
  template void random_normal(std::uint64_t, std::uint64_t, View<T>);  \
  template void random_truncated_normal(std::uint64_t, std::uint64_t, View<T>);
FASTNN_RANDOM(float)
FASTNN_RANDOM(double)
#undef FASTNN_RANDOM

}  // namespace fastnn
