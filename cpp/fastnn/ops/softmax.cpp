#include "fastnn/ops/softmax.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "fastnn/core/check.h"
#include "fastnn/core/parallel.h"
#include "fastnn/kernels/contiguous.h"
#include "fastnn/kernels/map.h"
#include "fastnn/kernels/math.h"
#include "fastnn/kernels/rows.h"

namespace fastnn {
namespace {

constexpr Index kBlock = 16 * 1024;  // elements that pay for another thread
constexpr Index kColumns = 256;      // columns reduced together where the axis is not the last

// An array in C order seen as outer x n x inner, with the axis in the middle.
struct Sizes {
  Index outer = 1, n = 1, inner = 1;
  Sizes(const Dims& shape, int axis) {
    for (int i = 0; i < shape.size(); ++i) (i < axis ? outer : i == axis ? n : inner) *= shape[i];
  }
};

template <class T>
void forward_rows(Index rows, Index n, const T* x, T* y) {
  for (Index r = 0; r < rows; ++r) {
    const T max = row_max(x + r * n, n);
    for (Index j = 0; j < n; ++j) y[r * n + j] = x[r * n + j] - max;
  }
  map(rows * n, y, [](auto v) { return exp_bounded(v); }, Contiguous<T>{y});
  for (Index r = 0; r < rows; ++r) {
    const T sum = row_sum(y + r * n, n);
    for (Index j = 0; j < n; ++j) y[r * n + j] /= sum;
  }
}

template <class T>
void backward_rows(Index rows, Index n, const T* y, const T* dy, T* dx) {
  for (Index r = 0; r < rows; ++r, y += n, dy += n, dx += n) {
    const T dot = row_dot(y, dy, n);
    for (Index j = 0; j < n; ++j) dx[j] = y[j] * (dy[j] - dot);
  }
}

// `width` <= kColumns neighbouring columns, whose elements lie `inner` apart.
template <class T>
void forward_columns(Index width, Index n, Index inner, const T* x, T* y) {
  T reduced[kColumns];
  std::fill_n(reduced, width, -std::numeric_limits<T>::infinity());
  for (Index j = 0; j < n; ++j) {
    const T* row = x + j * inner;
    for (Index i = 0; i < width; ++i) reduced[i] = row[i] > reduced[i] ? row[i] : reduced[i];
  }
  for (Index j = 0; j < n; ++j) {
    map(
        width, y + j * inner, [](auto v, auto max) { return exp_bounded(v - max); },
        Contiguous<T>{x + j * inner}, Contiguous<T>{reduced});
  }
  std::fill_n(reduced, width, T{0});
  for (Index j = 0; j < n; ++j) {
    const T* row = y + j * inner;
    for (Index i = 0; i < width; ++i) reduced[i] += row[i];
  }
  for (Index j = 0; j < n; ++j) {
    T* row = y + j * inner;
    for (Index i = 0; i < width; ++i) row[i] /= reduced[i];
  }
}

template <class T>
void backward_columns(Index width, Index n, Index inner, const T* y, const T* dy, T* dx) {
  T dot[kColumns] = {};
  for (Index j = 0; j < n; ++j) {
    for (Index i = 0; i < width; ++i) dot[i] += y[j * inner + i] * dy[j * inner + i];
  }
  for (Index j = 0; j < n; ++j) {
    for (Index i = 0; i < width; ++i) dx[j * inner + i] = y[j * inner + i] * (dy[j * inner + i] - dot[i]);
  }
}

template <class T>
void log_forward_rows(Index rows, Index n, const T* x, T* y) {
  for (Index r = 0; r < rows; ++r, x += n, y += n) {
    const T max = row_max(x, n);
    Vec<T> lanes{};
    for (Index j = 0; j < n; j += kLanes<T>) {
      const Index left = n - j;
      const Vec<T> shifted =
          (left >= kLanes<T> ? load(x + j) : load_part(x + j, left, -std::numeric_limits<T>::infinity())) -
          max;
      lanes += exp_bounded(shifted);
    }
    const T log_sum = std::log(detail::add_lanes<T>(lanes));
    for (Index j = 0; j < n; ++j) y[j] = (x[j] - max) - log_sum;
  }
}

template <class T>
void log_backward_rows(Index rows, Index n, const T* y, const T* dy, T* dx) {
  for (Index r = 0; r < rows; ++r, y += n, dy += n, dx += n) {
    const T sum = row_sum(dy, n);
    map(
        n, dx, [=](auto v, auto up) { return up - exp_bounded(v) * sum; }, Contiguous<T>{y},
        Contiguous<T>{dy});
  }
}

template <class T>
void log_forward_columns(Index width, Index n, Index inner, const T* x, T* y) {
  T max[kColumns], sum[kColumns] = {};
  std::fill_n(max, width, -std::numeric_limits<T>::infinity());
  for (Index j = 0; j < n; ++j) {
    const T* row = x + j * inner;
    for (Index i = 0; i < width; ++i) max[i] = row[i] > max[i] ? row[i] : max[i];
  }
  for (Index j = 0; j < n; ++j) {
    map(
        width, sum, [](auto s, auto v, auto m) { return s + exp_bounded(v - m); }, Contiguous<T>{sum},
        Contiguous<T>{x + j * inner}, Contiguous<T>{max});
  }
  for (Index i = 0; i < width; ++i) sum[i] = std::log(sum[i]);
  for (Index j = 0; j < n; ++j) {
    for (Index i = 0; i < width; ++i) y[j * inner + i] = (x[j * inner + i] - max[i]) - sum[i];
  }
}

template <class T>
void log_backward_columns(Index width, Index n, Index inner, const T* y, const T* dy, T* dx) {
  T sum[kColumns] = {};
  for (Index j = 0; j < n; ++j) {
    for (Index i = 0; i < width; ++i) sum[i] += dy[j * inner + i];
  }
  for (Index j = 0; j < n; ++j) {
    map(
        width, dx + j * inner, [](auto v, auto up, auto s) { return up - exp_bounded(v) * s; },
        Contiguous<T>{y + j * inner}, Contiguous<T>{dy + j * inner}, Contiguous<T>{sum});
  }
}

// Calls rows(count, offset) or columns(width, offset) for all parts of the array, on several threads.
template <class Rows, class Columns>
void for_each_part(const Sizes& size, Rows rows, Columns columns) {
  if (size.n == 0 || size.inner == 0) return;
  if (size.inner == 1) {
    parallel_for(size.outer, std::max<Index>(1, kBlock / size.n),
                 [&](Index begin, Index end) { rows(end - begin, begin * size.n); });
    return;
  }
  const Index strips = (size.inner + kColumns - 1) / kColumns;
  const Index strip = size.n * std::min(kColumns, size.inner);  // elements
  parallel_for(size.outer * strips, std::max<Index>(1, kBlock / strip), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      const Index first = i % strips * kColumns;
      columns(std::min(kColumns, size.inner - first), i / strips * size.n * size.inner + first);
    }
  });
}

template <class T, class Rows, class Columns>
void forward(const char* op, const View<const T>& x, Index axis, const View<T>& y, Rows rows,
             Columns columns) {
  check_shape(op, "y", y.shape, x.shape);
  const Sizes size(x.shape, checked_axis(op, axis, x.ndim()));
  const InOrder<T> packed(x);
  const T* from = packed.data();
  for_each_part(
      size, [&](Index count, Index at) { rows(count, size.n, from + at, y.data + at); },
      [&](Index width, Index at) { columns(width, size.n, size.inner, from + at, y.data + at); });
}

template <class T, class Rows, class Columns>
void backward(const char* op, const View<const T>& y, const View<const T>& dy, Index axis, const View<T>& dx,
              Rows rows, Columns columns) {
  check_shape(op, "dy", dy.shape, y.shape);
  check_shape(op, "dx", dx.shape, y.shape);
  const Sizes size(y.shape, checked_axis(op, axis, y.ndim()));
  const InOrder<T> packed_y(y), packed_dy(dy);
  const T* from = packed_y.data();
  const T* upstream = packed_dy.data();
  for_each_part(
      size, [&](Index count, Index at) { rows(count, size.n, from + at, upstream + at, dx.data + at); },
      [&](Index width, Index at) {
        columns(width, size.n, size.inner, from + at, upstream + at, dx.data + at);
      });
}

}  // namespace

template <class T>
void softmax_forward(const View<const T>& x, Index axis, const View<T>& y) {
  forward("softmax", x, axis, y, forward_rows<T>, forward_columns<T>);
}

template <class T>
void softmax_backward(const View<const T>& y, const View<const T>& dy, Index axis, const View<T>& dx) {
  backward("softmax", y, dy, axis, dx, backward_rows<T>, backward_columns<T>);
}

template <class T>
void log_softmax_forward(const View<const T>& x, Index axis, const View<T>& y) {
  forward("log_softmax", x, axis, y, log_forward_rows<T>, log_forward_columns<T>);
}

template <class T>
void log_softmax_backward(const View<const T>& y, const View<const T>& dy, Index axis, const View<T>& dx) {
  backward("log_softmax", y, dy, axis, dx, log_backward_rows<T>, log_backward_columns<T>);
}

#define FASTNN_SOFTMAX(T)                                                                            \
  template void softmax_forward(const View<const T>&, Index, const View<T>&);                        \
  template void softmax_backward(const View<const T>&, const View<const T>&, Index, const View<T>&); \
  template void log_softmax_forward(const View<const T>&, Index, const View<T>&);                    \
  template void log_softmax_backward(const View<const T>&, const View<const T>&, Index, const View<T>&);
FASTNN_SOFTMAX(float)
FASTNN_SOFTMAX(double)
#undef FASTNN_SOFTMAX

}  // namespace fastnn
