#include "fastnn/ops/mean_squared_error.h"

#include <algorithm>

#include "fastnn/core/check.h"
#include "fastnn/core/parallel.h"
#include "fastnn/kernels/contiguous.h"
#include "fastnn/kernels/rows.h"

namespace fastnn {
namespace {

constexpr const char* kOp = "mean_squared_error";
constexpr Index kBlock = 32 * 1024;  // elements that pay for another thread

// Shape of the losses; the arrays are seen as rows of n.
Dims outer_shape(const Dims& y_true, const Dims& y_pred, Index& rows, Index& n) {
  check(y_pred.size() >= 1, kOp, "y_pred must have at least one dimension; received shape ", y_pred);
  check_shape(kOp, "y_true", y_true, y_pred);
  Dims outer = y_pred;
  outer.pop_back();
  n = y_pred.back();
  rows = 1;
  for (const Index d : outer) rows *= d;
  return outer;
}

}  // namespace

template <class T>
void mean_squared_error_forward(const View<const T>& y_true, const View<const T>& y_pred,
                                const View<T>& losses) {
  Index rows, n;
  check_shape(kOp, "losses", losses.shape, outer_shape(y_true.shape, y_pred.shape, rows, n));
  const InOrder<T> packed_true(y_true), packed_pred(y_pred);
  const T* t = packed_true.data();
  const T* p = packed_pred.data();
  parallel_for(rows, std::max<Index>(1, kBlock / std::max<Index>(1, n)), [&](Index begin, Index end) {
    for (Index row = begin; row < end; ++row) {
      losses.data[row] = row_squared_distance(t + row * n, p + row * n, n) / static_cast<T>(n);
    }
  });
}

template <class T>
void mean_squared_error_backward(const View<const T>& y_true, const View<const T>& y_pred,
                                 const View<const T>& dy, const View<T>& dx) {
  Index rows, n;
  check_shape(kOp, "dy", dy.shape, outer_shape(y_true.shape, y_pred.shape, rows, n));
  check_shape(kOp, "dx", dx.shape, y_pred.shape);
  const InOrder<T> packed_true(y_true), packed_pred(y_pred), packed_dy(dy);
  const T* t = packed_true.data();
  const T* p = packed_pred.data();
  const T* upstream = packed_dy.data();
  parallel_for(rows, std::max<Index>(1, kBlock / std::max<Index>(1, n)), [&](Index begin, Index end) {
    for (Index row = begin; row < end; ++row) {
      const T scale = 2 * upstream[row] / static_cast<T>(n);
      for (Index i = row * n; i < (row + 1) * n; ++i) dx.data[i] = scale * (p[i] - t[i]);
    }
  });
}

#define FASTNN_MEAN_SQUARED_ERROR(T)                                                                    \
  template void mean_squared_error_forward(const View<const T>&, const View<const T>&, const View<T>&); \
  template void mean_squared_error_backward(const View<const T>&, const View<const T>&,                 \
                                            const View<const T>&, const View<T>&);
FASTNN_MEAN_SQUARED_ERROR(float)
FASTNN_MEAN_SQUARED_ERROR(double)
#undef FASTNN_MEAN_SQUARED_ERROR

}  // namespace fastnn
