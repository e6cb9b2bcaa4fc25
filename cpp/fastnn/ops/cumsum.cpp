#include "fastnn/ops/cumsum.h"

#include <algorithm>

#include "fastnn/core/check.h"
#include "fastnn/core/parallel.h"
#include "fastnn/kernels/contiguous.h"

namespace fastnn {
namespace {

constexpr Index kGrain = 65536;  // elements of one block
constexpr Index kColumns = 256;  // columns summed side by side

template <class T>
void rows(Index count, Index n, const T* x, T* out) {
  for (Index r = 0; r < count; ++r, x += n, out += n) {
    double sum = 0;
    for (Index i = 0; i < n; ++i) out[i] = static_cast<T>(sum += static_cast<double>(x[i]));
  }
}

// `width` <= kColumns neighbouring columns, whose elements lie `inner` apart.
template <class T>
void columns(Index width, Index n, Index inner, const T* x, T* out) {
  double sum[kColumns] = {};
  for (Index i = 0; i < n; ++i, x += inner, out += inner) {
    for (Index j = 0; j < width; ++j) out[j] = static_cast<T>(sum[j] += static_cast<double>(x[j]));
  }
}

}  // namespace

template <class T>
void cumsum(const View<const T>& x, const Index* axis, const View<T>& out) {
  check_shape("cumsum", "out", out.shape, axis == nullptr ? Dims{x.size()} : x.shape);
  Index outer = 1, inner = 1, n = x.size();
  if (axis != nullptr) {
    const int along = checked_axis("cumsum", *axis, x.ndim());
    n = x.shape[along];
    for (int i = 0; i < x.ndim(); ++i) {
      if (i != along) (i < along ? outer : inner) *= x.shape[i];
    }
  }
  if (x.size() == 0) return;
  const InOrder<T> packed(x);
  const T* from = packed.data();
  if (inner == 1) {
    parallel_for(outer, std::max<Index>(1, kGrain / n), [&](Index begin, Index end) {
      rows(end - begin, n, from + begin * n, out.data + begin * n);
    });
    return;
  }
  const Index strips = (inner + kColumns - 1) / kColumns;
  parallel_for(outer * strips, std::max<Index>(1, kGrain / (n * std::min(inner, kColumns))),
               [&](Index begin, Index end) {
                 for (Index i = begin; i < end; ++i) {
                   const Index first = i % strips * kColumns;
                   const Index at = i / strips * n * inner + first;
                   columns(std::min(kColumns, inner - first), n, inner, from + at, out.data + at);
                 }
               });
}

template void cumsum(const View<const float>&, const Index*, const View<float>&);
template void cumsum(const View<const double>&, const Index*, const View<double>&);

}  // namespace fastnn
