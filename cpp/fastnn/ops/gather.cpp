#include "fastnn/ops/gather.h"

#include <algorithm>
#include <cstring>

#include "fastnn/core/check.h"
#include "fastnn/core/parallel.h"
#include "fastnn/core/shape.h"
#include "fastnn/kernels/contiguous.h"

namespace fastnn {
namespace {

// Bytes that one block writes: enough to outweigh handing it out, few enough to share one batch among cores.
constexpr Index kBlockBytes = 64 * 1024;

// Rows lie anywhere, so the processor cannot foresee them: they are called for this many rows ahead.
constexpr Index kAhead = 3;

template <class T>
void prefetch(const T* row, Index width) {
  const char* begin = reinterpret_cast<const char*>(row);
  const Index bytes = std::min<Index>(width * static_cast<Index>(sizeof(T)), 1024);
  for (Index i = 0; i < bytes; i += 64) __builtin_prefetch(begin + i);
}

void check_indices(const std::int64_t* indices, Index count, Index rows) {
  for (Index i = 0; i < count; ++i) {
    check(-rows <= indices[i] && indices[i] < rows, "gather", "indices must lie in [", -rows, ", ", rows,
          "); received ", indices[i], " at position ", i);
  }
}

}  // namespace

Dims gather_shape(const Dims& x, const Dims& indices) {
  check(x.size() >= 1, "gather", "x must have at least one dimension; received ", x);
  check(x.size() - 1 + indices.size() <= kMaxDims, "gather", "the result would have more than ", kMaxDims,
        " dimensions; received x ", x, ", indices ", indices);
  Dims shape = indices;
  for (int i = 1; i < x.size(); ++i) shape.push_back(x[i]);
  return shape;
}

void check_indices(const View<const std::int64_t>& indices, Index rows) {
  check_indices(InOrder<std::int64_t>(indices).data(), indices.size(), rows);
}

template <class From, class To>
void gather(const View<const From>& x, const View<const std::int64_t>& indices, const View<To>& out) {
  check_shape("gather", "out", out.shape, gather_shape(x.shape, indices.shape));
  const InOrder<std::int64_t> positions(indices);
  const std::int64_t* at = positions.data();
  const Index count = indices.size();
  const Index rows = x.shape[0];
  check_indices(at, count, rows);

  Dims shape, strides;
  Index width = 1;
  for (int i = 1; i < x.ndim(); ++i) {
    shape.push_back(x.shape[i]);
    strides.push_back(x.strides[i]);
    width *= x.shape[i];
  }
  if (count == 0 || width == 0) return;
  collapse(shape, &strides, 1);
  const bool packed = shape.size() == 0 || (shape.size() == 1 && strides[0] == 1);
  const Index row_bytes = width * static_cast<Index>(sizeof(To));
  parallel_for(count, std::max<Index>(1, kBlockBytes / row_bytes), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      const From* row = x.data + (at[i] < 0 ? at[i] + rows : at[i]) * x.strides[0];
      To* to = out.data + i * width;
      if (packed && i + kAhead < end) {
        const Index next = at[i + kAhead];
        prefetch(x.data + (next < 0 ? next + rows : next) * x.strides[0], width);
      }
      if constexpr (std::is_same_v<From, To>) {
        if (packed) {
          std::memcpy(to, row, static_cast<std::size_t>(row_bytes));
          continue;
        }
      }
      copy_strided(row, shape.begin(), strides.begin(), shape.size(), to);
    }
  });
}

#define FASTNN_GATHER(From, To) \
  template void gather(const View<const From>&, const View<const std::int64_t>&, const View<To>&);
#define FASTNN_GATHER_FROM(From) FASTNN_GATHER(From, float) FASTNN_GATHER(From, double)
FASTNN_GATHER_FROM(std::uint8_t)
FASTNN_GATHER_FROM(std::int8_t)
FASTNN_GATHER_FROM(std::uint16_t)
FASTNN_GATHER_FROM(std::int16_t)
FASTNN_GATHER_FROM(std::uint32_t)
FASTNN_GATHER_FROM(std::int32_t)
FASTNN_GATHER_FROM(std::uint64_t)
FASTNN_GATHER_FROM(std::int64_t)
FASTNN_GATHER_FROM(float)
FASTNN_GATHER_FROM(double)
FASTNN_GATHER(std::uint8_t, std::uint8_t)
FASTNN_GATHER(std::uint16_t, std::uint16_t)
FASTNN_GATHER(std::uint32_t, std::uint32_t)
FASTNN_GATHER(std::uint64_t, std::uint64_t)
#undef FASTNN_GATHER_FROM
#undef FASTNN_GATHER

}  // namespace fastnn
