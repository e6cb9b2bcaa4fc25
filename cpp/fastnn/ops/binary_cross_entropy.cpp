#include "fastnn/ops/binary_cross_entropy.h"

#include <algorithm>
#include <cmath>

#include "fastnn/core/check.h"
#include "fastnn/core/parallel.h"
#include "fastnn/kernels/contiguous.h"
#include "fastnn/kernels/map.h"
#include "fastnn/kernels/math.h"
#include "fastnn/kernels/probability.h"

namespace fastnn {
namespace {

constexpr const char* kOp = "binary_crossentropy";
constexpr Index kBlock = 8 * 1024;  // elements that pay for another thread

template <class T>
T loss_of_logit(T target, T x) {
  const T tail = std::log1p(std::exp(-std::abs(x)));
  return target * (std::max(-x, T{0}) + tail) + (1 - target) * (std::max(x, T{0}) + tail);
}

template <class T>
T loss_of_probability(T target, T p) {
  const T q = clip_probability(p);
  return -(target * std::log(q) + (1 - target) * std::log(1 - q));
}

template <class T>
T gradient_of_probability(T target, T p) {
  const T q = clip_probability(p);
  return ((1 - target) / (1 - q) - target / q) * unclipped(p);
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
      T sum = 0;
      for (Index i = row * n; i < (row + 1) * n; ++i) {
        sum += from_logits ? loss_of_logit(t[i], p[i]) : loss_of_probability(t[i], p[i]);
      }
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
    if (from_logits) {
      map((end - begin) * n, dx.data + begin * n, [](auto v) { return sigmoid(v); },
          Contiguous<T>{p + begin * n});
    }
    for (Index row = begin; row < end; ++row) {
      const T scale = upstream[row] / static_cast<T>(n);
      for (Index i = row * n; i < (row + 1) * n; ++i) {
        dx.data[i] = scale * (from_logits ? dx.data[i] - t[i] : gradient_of_probability(t[i], p[i]));
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
