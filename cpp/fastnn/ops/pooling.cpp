#include "fastnn/ops/pooling.h"

#include <cstdint>
#include <limits>

#include "fastnn/core/check.h"
#include "fastnn/kernels/contiguous.h"
#include "fastnn/kernels/pooling.h"

namespace fastnn {
namespace {

// Below so many channels most lanes of a vector would lie idle.
constexpr Index kFewChannels = 3;

/// One number for all dimensions of the image, or one for each: as many as those.
Dims for_each_dimension(const char* op, const char* name, const Dims& given, int dimensions) {
  check(given.size() == 1 || given.size() == dimensions, op, name,
        " must have one number for all dimensions of the image or one for each of ", dimensions,
        "; received ", given);
  Dims all;
  for (int d = 0; d < dimensions; ++d) {
    all.push_back(given[given.size() == 1 ? 0 : d]);
    check(all[d] >= 1, op, name, " must be positive; received ", given);
    check(all[d] <= std::numeric_limits<std::int32_t>::max(), op, name, " must be below 2^31; received ",
          given);
  }
  return all;
}

template <class T, class F>
void with_lanes(const Windows& w, F f) {
  if (w.channels < kFewChannels) {
    f(pooling::One<T>{});
  } else {
    f(pooling::Many<T>{});
  }
}

}  // namespace

Windows pooling_windows(const char* op, const Dims& x, const Dims& size, const Dims& strides,
                        const std::string& padding, bool channels_first) {
  check(x.size() >= 3 && x.size() <= 5, op,
        "x must have 3, 4 or 5 dimensions, one to three of them the image's; received shape ", x);
  check(padding == "valid" || padding == "same", op, "padding must be 'valid' or 'same'; received '", padding,
        "'");
  const int dimensions = x.size() - 2;
  const Dims sizes = for_each_dimension(op, "pool_size", size, dimensions);
  const Dims steps = strides.size() == 0 ? sizes : for_each_dimension(op, "strides", strides, dimensions);
  Windows w;
  w.batch = channels_first ? x[0] * x[1] : x[0];
  w.channels = channels_first ? 1 : x.back();
  Index volume = 1;
  for (int d = 0; d < 3; ++d) {
    const int from = d - (3 - dimensions);  // images of fewer dimensions have the last ones
    const Index n = w.in[d] = from < 0 ? 1 : x[from + (channels_first ? 2 : 1)];
    const Index k = w.size[d] = from < 0 ? 1 : sizes[from];
    const Index s = w.stride[d] = from < 0 ? 1 : steps[from];
    if (padding == "same") {
      w.out[d] = n / s + (n % s != 0);
      w.before[d] = std::max<Index>(0, (w.out[d] - 1) * s + k - n) / 2;
    } else {
      check(k <= n, op,
            "pool_size must not be larger than the image where padding is 'valid'; received pool_size ",
            sizes, ", x ", x);
      w.out[d] = (n - k) / s + 1;
      w.before[d] = 0;
    }
    check(volume <= std::numeric_limits<std::int32_t>::max() / k, op,
          "pool_size must hold fewer than 2^31 elements; received ", sizes);
    volume *= k;
  }
  return w;
}

Dims pooled_shape(const Windows& w, const Dims& x, bool channels_first) {
  Dims shape = x;
  for (int d = 0; d < x.size() - 2; ++d) shape[d + (channels_first ? 2 : 1)] = w.out[d + 5 - x.size()];
  return shape;
}

template <class T, class P>
void max_pool_forward(const Windows& w, const View<const T>& x, const View<T>& y, P* positions) {
  const InOrder<T> packed(x);
  with_lanes<T>(
      w, [&](auto lanes) { pooling::max_forward<decltype(lanes)>(w, packed.data(), y.data, positions); });
}

template <class T, class P>
void max_pool_backward(const Windows& w, const View<const T>& dy, const P* positions, const View<T>& dx) {
  const InOrder<T> packed(dy);
  const T *from = packed.data(), *end = from + w.outputs();
  if (w.channels < kLanes<T>) return pooling::scatter(w, from, positions, dx.data);
  const P* positions_end = positions + w.outputs();
  using Lanes = pooling::Many<T>;
  using V = typename Lanes::V;
  using Positions = typename Lanes::template Of<P>::type;
  pooling::gather<Lanes>(w, dx.data, [=](Index at, Index position, Index) {
    const auto here = typename Lanes::Int{} + static_cast<std::int32_t>(position);
    return [=](Index c) {
      const auto where = Lanes::template convert<typename Lanes::Int>(
          pooling::read<Positions>(positions + at + c, positions_end));
      return V(where == here ? pooling::read<V>(from + at + c, end) : V{});
    };
  });
}

template <class T>
void average_pool_forward(const Windows& w, const View<const T>& x, const View<T>& y) {
  const InOrder<T> packed(x);
  with_lanes<T>(w, [&](auto lanes) { pooling::average_forward<decltype(lanes)>(w, packed.data(), y.data); });
}

template <class T>
void average_pool_backward(const Windows& w, const View<const T>& dy, const View<T>& dx) {
  const InOrder<T> packed(dy);
  const T *from = packed.data(), *end = from + w.outputs();
  with_lanes<T>(w, [&](auto lanes) {
    using Lanes = decltype(lanes);
    using V = typename Lanes::V;
    pooling::gather<Lanes>(w, dx.data, [=](Index at, Index, Index count) {
      const T share = T{1} / static_cast<T>(count);
      return [=](Index c) { return V(pooling::read<V>(from + at + c, end) * share); };
    });
  });
}

#define FASTNN_MAX_POOL(T, P)                                                               \
  template void max_pool_forward(const Windows&, const View<const T>&, const View<T>&, P*); \
  template void max_pool_backward(const Windows&, const View<const T>&, const P*, const View<T>&);
#define FASTNN_POOLING(T)                                                                   \
  FASTNN_MAX_POOL(T, std::uint8_t)                                                          \
  FASTNN_MAX_POOL(T, std::int32_t)                                                          \
  template void average_pool_forward(const Windows&, const View<const T>&, const View<T>&); \
  template void average_pool_backward(const Windows&, const View<const T>&, const View<T>&);
FASTNN_POOLING(float)
FASTNN_POOLING(double)
#undef FASTNN_POOLING
#undef FASTNN_MAX_POOL

}  // namespace fastnn
