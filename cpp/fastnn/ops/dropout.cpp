#include "fastnn/ops/dropout.h"

#include <cmath>

#include "fastnn/core/check.h"
#include "fastnn/core/parallel.h"
#include "fastnn/kernels/contiguous.h"
#include "fastnn/kernels/lanes.h"
#include "fastnn/kernels/philox.h"

namespace fastnn {
namespace {

constexpr Index kBits = 64;    // elements of a word of `kept`
constexpr Index kBlock = 256;  // such words that pay for another thread

void check_rate(double rate) {
  check(rate >= 0 && rate <= 1, "dropout", "rate must lie in [0, 1]; received ", rate);
}

template <class V>
V bit_of_each_lane() {
  V bits;
#pragma GCC unroll 16
  for (Index i = 0; i < kLanes<Lane<V>>; ++i) bits[i] = static_cast<Lane<V>>(Lane<V>{1} << i);
  return bits;
}

/// What is kept of the 64 elements from `first` on: a bit for each.
std::uint64_t draw(std::uint64_t seed, std::uint64_t stream, Index first, std::uint32_t threshold) {
  constexpr Index n = kLanes<std::uint32_t>;
  std::uint64_t kept = 0;
#pragma GCC unroll 16
  for (Index i = 0; i < kBits; i += 2 * n) {
    Vec<std::uint32_t> words[2];
    philox_words(seed, stream, static_cast<std::uint64_t>((first + i) / 4), words);
    kept |= lane_bits(words[0] >= threshold) << i | lane_bits(words[1] >= threshold) << (i + n);
  }
  return kept;
}

/// y = x scale where the bit of an element is set, for the first n <= 64.
template <class T>
void apply(std::uint64_t kept, T scale, const T* x, Index n, T* y) {
  using Bits = IntVec<Vec<T>>;
  const Bits bit = bit_of_each_lane<Bits>();
  for (Index i = 0; i < n; i += kLanes<T>) {
    const Bits mask = (bit & static_cast<Lane<Bits>>(kept >> i)) != 0;
    const Index left = n - i;
    if (left >= kLanes<T>) {
      store(y + i, (Vec<T>)((Bits)(load(x + i) * scale) & mask));
    } else {
      store_part(y + i, (Vec<T>)((Bits)(load_part(x + i, left) * scale) & mask), left);
    }
  }
}

/// Calls apply() for all elements; word(i) gives the bits of those from 64 i on.
template <class T, class F>
void for_each_word(const View<const T>& x, double rate, const View<T>& y, F word) {
  const InOrder<T> packed(x);
  const Index n = x.size();
  const T scale = rate < 1 ? static_cast<T>(1 / (1 - rate)) : T{0};
  parallel_for(dropout_words(n), kBlock, [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      apply(word(i), scale, packed.data() + i * kBits, std::min(kBits, n - i * kBits), y.data + i * kBits);
    }
  });
}

}  // namespace

template <class T>
void dropout_forward(const View<const T>& x, double rate, std::uint64_t seed, std::uint64_t stream,
                     const View<std::int64_t>& kept, const View<T>& y) {
  check_rate(rate);
  check_shape("dropout", "y", y.shape, x.shape);
  check_shape("dropout", "kept", kept.shape, Dims{dropout_words(x.size())});
  const double threshold = std::round(rate * 0x1p32);
  for_each_word(x, rate, y, [&](Index i) {
    const std::uint64_t bits =
        threshold < 0x1p32 ? draw(seed, stream, i * kBits, static_cast<std::uint32_t>(threshold)) : 0;
    kept.data[i] = static_cast<std::int64_t>(bits);
    return bits;
  });
}

template <class T>
void dropout_backward(const View<const T>& dy, double rate, const View<const std::int64_t>& kept,
                      const View<T>& dx) {
  check_rate(rate);
  check_shape("dropout", "dx", dx.shape, dy.shape);
  check_shape("dropout", "kept", kept.shape, Dims{dropout_words(dy.size())});
  for_each_word(dy, rate, dx, [&](Index i) { return static_cast<std::uint64_t>(kept.data[i]); });
}

#define FASTNN_DROPOUT(T)                                                                       \
  template void dropout_forward(const View<const T>&, double, std::uint64_t, std::uint64_t,     \
                                const View<std::int64_t>&, const View<T>&);                     \
  template void dropout_backward(const View<const T>&, double, const View<const std::int64_t>&, \
                                 const View<T>&);
FASTNN_DROPOUT(float)
FASTNN_DROPOUT(double)
#undef FASTNN_DROPOUT

}  // namespace fastnn
