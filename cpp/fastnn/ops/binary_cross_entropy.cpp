#include "fastnn/ops/binary_cross_entropy.h"

#include <algorithm>

#include "fastnn/core/check.h"
#include "fastnn/core/parallel.h"
#include "fastnn/kernels/contiguous.h"
#include "fastnn/kernels/log.h"
#include "fastnn/kernels/map.h"
#include "fastnn/kernels/math.h"
#include "fastnn/kernels/probability.h"
#include "fastnn/kernels/rows.h"

namespace fastnn {
namespace {

constexpr const char* kOp = "binary_crossentropy";
constexpr Index kBlock = 8 * 1024;  // elements that pay for another thread

template <class V>
V loss_of_logit(V target, V x) {
  const V tail = log1p(exp_bounded(x < 0 ? x : -x));
  return target * ((x < 0 ? -x : V{}) + tail) + (1 - target) * ((x < 0 ? V{} : x) + tail);
}

template <class V>
V loss_of_probability(V target, V p) {
  const V q = clip_probability<Lane<V>>(p);
  return -(target * log(q) + (1 - target) * log(1 - q));
}

template <class V>
V gradient_of_probability(V target, V p) {
  const V q = clip_probability<Lane<V>>(p);
  return unclipped<Lane<V>>(p, (1 - target) / (1 - q) - target / q);
}

// Sum of loss(target, x) over n elements.
template <class T, class F>
T sum_losses(const T* target, const T* x, Index n, F loss) {
  Vec<T> lanes{};
  Index i = 0;
  for (; i + kLanes<T> <= n; i += kLanes<T>) lanes += loss(load(target + i), load(x + i));
  T sum = i == 0 ? T{0} : detail::add_lanes<T>(lanes);
  if (i < n) {
    const Vec<T> rest = loss(load_part(target + i, n - i), load_part(x + i, n - i));
    for (Index k = 0; k < n - i; ++k) sum += rest[k];
  }
  return sum;
}

// Shape of the losses; the arrays are seen as rows of n.
Dims outer_shape(const Dims& target, const Dims& output, Index& rows, Index& n) {
  check(output.size() >= 1, kOp, "output must have at least one dimension; received shape ", output);
  check_shape(kOp, "target", target, output);
  Dims outer = output;
  outer.pop_back();
  n = output.back();
  rows = 1;
  for (const Index d : outer) rows *= d;
  return outer;
}

}  // namespace

template <class T>
void binary_crossentropy_forward(const View<const T>& target, const View<const T>& output, bool from_logits,
                                 const View<T>& losses) {
  Index rows, n;
  check_shape(kOp, "losses", losses.shape, outer_shape(target.shape, output.shape, rows, n));
  const InOrder<T> packed_target(target), packed(output);
  const T* t = packed_target.data();
  const T* p = packed.data();
  parallel_for(rows, std::max<Index>(1, kBlock / std::max<Index>(1, n)), [&](Index begin, Index end) {
    for (Index row = begin; row < end; ++row) {
      const T* at_t = t + row * n;
      const T* at_p = p + row * n;
      const T sum = from_logits
                        ? sum_losses(at_t, at_p, n, [](auto y, auto x) { return loss_of_logit(y, x); })
                        : sum_losses(at_t, at_p, n, [](auto y, auto q) { return loss_of_probability(y, q); });
      losses.data[row] = sum / static_cast<T>(n);
    }
  });
}

template <class T>
void binary_crossentropy_backward(const View<const T>& target, const View<const T>& output,
                                  const View<const T>& dy, bool from_logits, const View<T>& dx) {
  Index rows, n;
  check_shape(kOp, "dy", dy.shape, outer_shape(target.shape, output.shape, rows, n));
  check_shape(kOp, "dx", dx.shape, output.shape);
  const InOrder<T> packed_target(target), packed(output), packed_dy(dy);
  const T* t = packed_target.data();
  const T* p = packed.data();
  const T* upstream = packed_dy.data();
  parallel_for(rows, std::max<Index>(1, kBlock / std::max<Index>(1, n)), [&](Index begin, Index end) {
    for (Index row = begin; row < end; ++row) {
      const T scale = upstream[row] / static_cast<T>(n);
      const Contiguous<T> at_t{t + row * n}, at_p{p + row * n};
      T* to = dx.data + row * n;
      if (from_logits) {
        map(n, to, [=](auto y, auto x) { return scale * (sigmoid(x) - y); }, at_t, at_p);
      } else {
        map(n, to, [=](auto y, auto q) { return scale * gradient_of_probability(y, q); }, at_t, at_p);
      }
    }
  });
}

#define FASTNN_BINARY_CROSS_ENTROPY(T)                                                        \
  template void binary_crossentropy_forward(const View<const T>&, const View<const T>&, bool, \
                                            const View<T>&);                                  \
  template void binary_crossentropy_backward(const View<const T>&, const View<const T>&,      \
                                             const View<const T>&, bool, const View<T>&);
FASTNN_BINARY_CROSS_ENTROPY(float)
FASTNN_BINARY_CROSS_ENTROPY(double)
#undef FASTNN_BINARY_CROSS_ENTROPY

}  // namespace fastnn
