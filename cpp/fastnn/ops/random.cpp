#include "fastnn/ops/random.h"

#include <cmath>
#include <utility>

#include "fastnn/core/check.h"
#include "fastnn/core/parallel.h"
#include "fastnn/core/random.h"
#include "fastnn/kernels/log.h"
#include "fastnn/kernels/philox.h"
#include "fastnn/kernels/rounding.h"
#include "fastnn/kernels/trigonometry.h"

namespace fastnn {
namespace {

using Words = std::array<std::uint32_t, 4>;

constexpr Index kBlock = 8 * 1024;  // elements that pay for another thread

std::uint64_t join(std::uint32_t low, std::uint32_t high) { return std::uint64_t{high} << 32 | low; }

/// The bits that one number is made of, in each lane: 32 for float, 64 for double.
template <class T>
using Bits = UIntVec<Vec<T>>;

template <class T>
Vec<T> uniform(Bits<T> bits) {  // the upper 24 or 53 bits
  constexpr int digits = std::is_same_v<T, float> ? 24 : 53;
  return __builtin_convertvector(bits >> (8 * static_cast<int>(sizeof(T)) - digits), Vec<T>) *
         static_cast<T>(std::is_same_v<T, float> ? 0x1p-24 : 0x1p-53);
}

/// Each even lane in two lanes, and each odd one.
template <class V, std::size_t... i>
V even(V v, std::index_sequence<i...>) {
  return __builtin_shufflevector(v, v, (i / 2 * 2)...);
}
template <class V, std::size_t... i>
V odd(V v, std::index_sequence<i...>) {
  return __builtin_shufflevector(v, v, (i / 2 * 2 + 1)...);
}

/// The even lanes of one vector, the odd ones of another.
template <class V, std::size_t... i>
V alternate(V a, V b, std::index_sequence<i...>) {
  return __builtin_shufflevector(a, b, (i % 2 == 0 ? i : sizeof...(i) + i)...);
}

/// Of two neighbours, u in (0, 1] makes the radius, v in [0, 1) the angle of Box and Muller; the first
/// becomes the cosine, which is the sine a quarter further on.
template <class T>
Vec<T> normal(Bits<T> bits) {
  constexpr auto lanes = std::make_index_sequence<kLanes<T>>{};
  Vec<T> u;
  if constexpr (std::is_same_v<T, float>) {  // all 32 bits: 24 would end the normal at 5.8 deviations
    u = (__builtin_convertvector(even(bits, lanes), Vec<T>) + 1) * 0x1p-32f;
  } else {
    u = uniform<T>(even(bits, lanes)) + T(0x1p-53);
  }
  Vec<T> v = uniform<T>(odd(bits, lanes));
  v = alternate<Vec<T>>(v < T(0.75) ? v + T(0.25) : v - T(0.75), v, lanes);
  return sqrt(-2 * log(u)) * sin(v * T(6.283185307179586));
}

/// Fills `out` with what draw(bits) makes of the stream, vector after vector.
template <class T, class F>
void fill(const char* op, std::uint64_t seed, std::uint64_t stream, const View<T>& out, F draw) {
  check(out.is_contiguous(), op, "out must be contiguous");
  constexpr Index step = 2 * kLanes<T>;
  const Index n = out.size();
  parallel_for((n + step - 1) / step, kBlock / step, [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      Vec<std::uint32_t> words[2];
      philox_words(seed, stream, static_cast<std::uint64_t>(i * kPhiloxCounters), words);
      for (Index half = 0; half < 2; ++half) {
        const Index first = i * step + half * kLanes<T>, left = n - first;
        if (left <= 0) break;
        const Vec<T> values = draw((Bits<T>)words[half]);
        if (left >= kLanes<T>) {
          store(out.data + first, values);
        } else {
          store_part(out.data + first, values, left);
        }
      }
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
  fill("random_uniform", seed, stream, out, [](Bits<T> bits) { return uniform<T>(bits); });
}

template <class T>
void random_normal(std::uint64_t seed, std::uint64_t stream, View<T> out) {
  fill("random_normal", seed, stream, out, [](Bits<T> bits) { return normal<T>(bits); });
}

template <class T>
void random_truncated_normal(std::uint64_t seed, std::uint64_t stream, View<T> out) {
  random_normal(seed, stream, out);
  parallel_for(out.size(), kBlock, [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      // Redraws have blocks of their own, 2^48 apart, so that none moves another element.
      for (std::uint64_t redraw = 1; std::abs(out.data[i]) > 2; ++redraw) {
        Vec<std::uint32_t> words[2];
        philox_words(seed, stream, redraw << 48 | static_cast<std::uint64_t>(i), words);
        out.data[i] = normal<T>((Bits<T>)words[0])[0];
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
