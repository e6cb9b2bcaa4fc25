#include "fastnn/kernels/activation.h"

#include <algorithm>

#include "fastnn/core/buffer.h"
#include "fastnn/core/parallel.h"
#include "fastnn/kernels/map.h"

namespace fastnn {
namespace {

// Elements of dz that one block of its pass covers.
constexpr Index kGrain = 8192;

/// sum = the sum of contiguous rows.
template <class T>
void add_rows(const T* x, Index rows, Index columns, T* sum) {
  constexpr Index lanes = kLanes<T>;
  std::fill_n(sum, columns, T(0));
  if (columns < lanes && rows >= lanes) {  // so many rows at once that they fill vectors
    T lines[lanes * lanes] = {};
    for (; rows >= lanes; rows -= lanes, x += lanes * columns) {
      for (Index j = 0; j < columns * lanes; j += lanes) store(lines + j, load(lines + j) + load(x + j));
    }
    for (Index i = 0; i < lanes; ++i) {
      for (Index j = 0; j < columns; ++j) sum[j] += lines[i * columns + j];
    }
  }
  for (; rows > 0; --rows, x += columns) {
    for (Index j = 0; j < columns; ++j) sum[j] += x[j];
  }
}

}  // namespace

template <class T>
void activation_forward(Activation activation, Index n, const T* x, T* y) {
  with_activation(activation, [&](auto a) {
    constexpr Activation A = decltype(a)::value;
    map(n, y, [](Vec<T> v) { return activate<A>(v); }, Contiguous<T>{x});
  });
}

template <class T>
void activation_backward(Activation activation, Index n, const T* y, const T* dy, T* dx) {
  with_activation(activation, [&](auto a) {
    constexpr Activation A = decltype(a)::value;
    map(
        n, dx, [](Vec<T> v, Vec<T> dv) { return activate_backward<A>(v, dv); }, Contiguous<T>{y},
        Contiguous<T>{dy});
  });
}

template <class T>
void activation_and_bias_backward(Activation activation, Index rows, Index columns, const T* y, const T* dy,
                                  T* dz, T* dbias) {
  if (rows == 0 || columns == 0) {
    if (dbias != nullptr) std::fill_n(dbias, columns, T(0));
    return;
  }
  const Index grain = std::max<Index>(kGrain / columns, 1), blocks = (rows + grain - 1) / grain;
  Buffer<T> sums(dbias != nullptr ? blocks * columns : 0);
  const bool linear = activation == Activation::linear;
  parallel_for(rows, grain, [&](Index begin, Index end) {
    const Index first = begin * columns, last = end * columns;
    if (!linear) activation_backward(activation, last - first, y + first, dy + first, dz + first);
    if (dbias == nullptr) return;
    add_rows((linear ? dy : dz) + first, end - begin, columns, sums.data() + begin / grain * columns);
  });
  if (dbias == nullptr) return;
  std::copy_n(sums.data(), columns, dbias);
  for (Index i = 1; i < blocks; ++i) {
    for (Index j = 0; j < columns; ++j) dbias[j] += sums[i * columns + j];
  }
}

template void activation_forward(Activation, Index, const float*, float*);
template void activation_forward(Activation, Index, const double*, double*);
template void activation_backward(Activation, Index, const float*, const float*, float*);
template void activation_backward(Activation, Index, const double*, const double*, double*);
template void activation_and_bias_backward(Activation, Index, Index, const float*, const float*, float*,
                                           float*);
template void activation_and_bias_backward(Activation, Index, Index, const double*, const double*, double*,
                                           double*);

}  // namespace fastnn
