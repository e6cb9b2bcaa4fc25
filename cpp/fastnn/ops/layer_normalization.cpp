#include "fastnn/ops/layer_normalization.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "fastnn/core/check.h"
#include "fastnn/core/parallel.h"
#include "fastnn/kernels/contiguous.h"
#include "fastnn/kernels/rows.h"

namespace fastnn {
namespace {

constexpr Index kBlock = 16 * 1024;  // elements that pay for another thread

struct Rows {
  Rows(const char* op, const Dims& shape, int dimensions) {
    check(dimensions >= 1 && dimensions <= shape.size(), op, "x must have ", dimensions,
          " dimensions to normalise; received shape ", shape);
    for (int i = 0; i < shape.size(); ++i) {
      const bool together = i >= shape.size() - dimensions;
      (together ? n : rows) *= shape[i];
      if (together) normalised.push_back(shape[i]);
    }
    grain = std::max<Index>(1, kBlock / std::max<Index>(n, 1));
  }
  Index rows = 1, n = 1, grain;
  Dims normalised;
};

/// scale or offset in C order; none is all `otherwise`.
template <class T>
class Line {
 public:
  Line(const char* op, const char* name, const View<const T>* given, const Rows& x, T otherwise)
      : own_(given == nullptr ? x.n : 0) {
    if (given != nullptr) {
      check_shape(op, name, given->shape, x.normalised);
      packed_.emplace(*given);
    } else {
      std::fill_n(own_.data(), x.n, otherwise);
    }
  }
  const T* data() { return packed_ ? packed_->data() : own_.data(); }

 private:
  Buffer<T> own_;
  std::optional<InOrder<T>> packed_;
};

/// The sum of f(a[j], b[j], ...): in four vectors that do not wait for each other.
template <class T, class F, class... P>
inline T sum_of(Index n, F f, const P*... p) {
  constexpr Index step = kLanes<T>;
  Vec<T> sums[4] = {};
  Index j = 0;
  for (; j + 4 * step <= n; j += 4 * step) {
#pragma GCC unroll 16
    for (Index k = 0; k < 4; ++k) sums[k] += f(load(p + j + k * step)...);
  }
  for (; j + step <= n; j += step) sums[0] += f(load(p + j)...);
  T sum = detail::add_lanes<T>((sums[0] + sums[1]) + (sums[2] + sums[3]));
  for (; j < n; ++j) sum += f(p[j]...);
  return sum;
}

template <class T>
void forward_rows(Index rows, Index n, const T* x, const T* scale, const T* offset, double epsilon, T* y,
                  T* means, T* inverses) {
  const auto terms = static_cast<T>(n);
  for (Index r = 0; r < rows; ++r, x += n, y += n) {
    T mean = 0;
    if (means != nullptr) {
      mean = sum_of<T>(n, [](auto v) { return v; }, x) / terms;
      // What rounding took from the mean, which is much where that is large.
      mean += sum_of<T>(n, [=](auto v) { return v - mean; }, x) / terms;
      means[r] = mean;
    }
    const T square = sum_of<T>(n, [=](auto v) { return (v - mean) * (v - mean); }, x);
    const auto inverse = static_cast<T>(1 / std::sqrt(static_cast<double>(square / terms) + epsilon));
    inverses[r] = inverse;
    for (Index j = 0; j < n; ++j) y[j] = (x[j] - mean) * inverse * scale[j] + offset[j];
  }
}

template <class T>
void backward_rows(Index rows, Index n, const T* x, const T* dy, const T* scale, const T* means,
                   const T* inverses, T* dx, T* dscale, T* doffset) {
  const auto terms = static_cast<T>(n);
  for (Index r = 0; r < rows; ++r, x += n, dy += n) {
    const T mean = means == nullptr ? T{0} : means[r], inverse = inverses[r];
    // With v the normalised x: what sums over rows and what sums along this one, in one pass over it.
    T along_dy = 0, along_product = 0;
    Vec<T> sums_dy{}, sums_product{};
    Index j = 0;
    for (; j + kLanes<T> <= n; j += kLanes<T>) {
      const Vec<T> up = load(dy + j), v = (load(x + j) - mean) * inverse, product = up * v,
                   s = load(scale + j);
      store(dscale + j, load(dscale + j) + product);
      store(doffset + j, load(doffset + j) + up);
      sums_dy += up * s;
      sums_product += product * s;
    }
    for (; j < n; ++j) {
      const T product = dy[j] * ((x[j] - mean) * inverse);
      dscale[j] += product;
      doffset[j] += dy[j];
      along_dy += dy[j] * scale[j];
      along_product += product * scale[j];
    }
    if (dx == nullptr) continue;
    const T of_dy = means == nullptr ? T{0} : (detail::add_lanes<T>(sums_dy) + along_dy) / terms;
    const T of_product = (detail::add_lanes<T>(sums_product) + along_product) / terms * inverse;
    for (j = 0; j < n; ++j) {
      dx[j] = (dy[j] * scale[j] - of_dy - (x[j] - mean) * of_product) * inverse;
    }
    dx += n;
  }
}

}  // namespace

template <class T>
void layer_normalization_forward(const char* op, const View<const T>& x, int dimensions,
                                 const View<const T>* scale, const View<const T>* offset, double epsilon,
                                 const View<T>& y, T* mean, T* inverse) {
  const Rows rows(op, x.shape, dimensions);
  Line<T> factor(op, "scale", scale, rows, T{1}), shift(op, "offset", offset, rows, T{0});
  const InOrder<T> packed(x);
  parallel_for(rows.rows, rows.grain, [&](Index begin, Index end) {
    forward_rows(end - begin, rows.n, packed.data() + begin * rows.n, factor.data(), shift.data(), epsilon,
                 y.data + begin * rows.n, mean == nullptr ? nullptr : mean + begin, inverse + begin);
  });
}

template <class T>
void layer_normalization_backward(const char* op, const View<const T>& x, const View<const T>& dy,
                                  int dimensions, const View<const T>* scale, const T* mean, const T* inverse,
                                  const View<T>* dx, const View<T>* dscale, const View<T>* doffset) {
  check_shape(op, "dy", dy.shape, x.shape);
  const Rows rows(op, x.shape, dimensions);
  Line<T> factor(op, "scale", scale, rows, T{1});
  const InOrder<T> packed(x), packed_dy(dy);
  const Index n = rows.n, blocks = (rows.rows + rows.grain - 1) / rows.grain;
  Buffer<T> sums(2 * blocks * n);
  parallel_for(rows.rows, rows.grain, [&](Index begin, Index end) {
    T* sum = sums.data() + begin / rows.grain * 2 * n;
    std::fill_n(sum, 2 * n, T{0});
    backward_rows(end - begin, n, packed.data() + begin * n, packed_dy.data() + begin * n, factor.data(),
                  mean == nullptr ? nullptr : mean + begin, inverse + begin,
                  dx == nullptr ? nullptr : dx->data + begin * n, sum, sum + n);
  });
  Buffer<double> totals(2 * n);
  std::fill_n(totals.data(), 2 * n, 0.0);
  for (Index i = 0; i < blocks; ++i) {
    for (Index j = 0; j < 2 * n; ++j) totals[j] += static_cast<double>(sums[i * 2 * n + j]);
  }
  for (Index j = 0; j < n; ++j) {
    if (dscale != nullptr) dscale->data[j] = static_cast<T>(totals[j]);
    if (doffset != nullptr) doffset->data[j] = static_cast<T>(totals[n + j]);
  }
}

#define FASTNN_LAYER_NORMALIZATION(T)                                                                      \
  template void layer_normalization_forward(const char*, const View<const T>&, int, const View<const T>*,  \
                                            const View<const T>*, double, const View<T>&, T*, T*);         \
  template void layer_normalization_backward(const char*, const View<const T>&, const View<const T>&, int, \
                                             const View<const T>*, const T*, const T*, const View<T>*,     \
                                             const View<T>*, const View<T>*);
FASTNN_LAYER_NORMALIZATION(float)
FASTNN_LAYER_NORMALIZATION(double)
#undef FASTNN_LAYER_NORMALIZATION

}  // namespace fastnn
