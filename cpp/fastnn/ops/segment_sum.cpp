#include "fastnn/ops/segment_sum.h"

#include <algorithm>

#include "fastnn/core/buffer.h"
#include "fastnn/core/check.h"
#include "fastnn/core/parallel.h"
#include "fastnn/core/shape.h"
#include "fastnn/kernels/contiguous.h"

namespace fastnn {
namespace {

constexpr const char* kOp = "segment_sum";
constexpr Index kBlock = 64 * 1024;  // elements written and added that pay for another thread
constexpr Index kWide = 16;          // elements of a slice from which on sorting the slices pays
// Slices of one segment lie anywhere, so the processor cannot foresee them.
constexpr Index kAhead = 4;

template <class T>
void prefetch(const T* slice, Index width) {
  constexpr Index line = 64 / static_cast<Index>(sizeof(T));
  for (Index j = 0; j < std::min(width, 16 * line); j += line) __builtin_prefetch(slice + j);
}

/// Each segment's sum in turn, so that the result is written once, by several threads.
template <class T>
void sum_in_segments(const T* x, const std::int64_t* id, Index count, Index width, Index segments, T* out) {
  // Slices by their segments, in their order within each: a counting sort.
  Buffer<Index> starts(segments + 1), order(count);
  std::fill_n(starts.data(), segments + 1, Index{0});
  for (Index i = 0; i < count; ++i) ++starts[id[i]];
  for (Index s = 1; s < segments; ++s) starts[s] += starts[s - 1];
  starts[segments] = count;
  for (Index i = count - 1; i >= 0; --i) order[--starts[id[i]]] = i;
  const Index blocks = std::max<Index>(1, (segments + count) * width / kBlock);
  parallel_for(segments, std::max<Index>(1, segments / blocks), [&](Index begin, Index end) {
    for (Index s = begin; s < end; ++s) {
      T* to = out + s * width;
      Index i = starts[s];
      if (i == starts[s + 1]) {
        std::fill_n(to, width, T(0));
        continue;
      }
      if (i + kAhead < count) prefetch(x + order[i + kAhead] * width, width);
      const T* from = x + order[i] * width;
      for (Index j = 0; j < width; ++j) to[j] = from[j] + T(0);  // no sum is -0
      while (++i < starts[s + 1]) {
        from = x + order[i] * width;
        for (Index j = 0; j < width; ++j) to[j] += from[j];
      }
    }
  });
}

}  // namespace

template <class T>
void segment_sum(const View<const T>& x, const View<const std::int64_t>& ids, const View<T>& out) {
  check(ids.ndim() == 1 && x.ndim() >= 1 && x.shape[0] == ids.shape[0], kOp,
        "segment_ids must have shape (x.shape[0],); received x ", x.shape, ", segment_ids ", ids.shape);
  Dims wanted = x.shape;
  wanted[0] = out.ndim() >= 1 ? out.shape[0] : 0;
  check_shape(kOp, "out", out.shape, wanted);
  const InOrder<std::int64_t> packed_ids(ids);
  const std::int64_t* id = packed_ids.data();
  const Index count = ids.size(), segments = out.shape[0];
  for (Index i = 0; i < count; ++i) {
    check(0 <= id[i] && id[i] < segments, kOp, "segment_ids must lie in [0, ", segments, "); received ",
          id[i], " at position ", i);
  }
  const Index width = count > 0 ? x.size() / count : 0;
  if (width == 0) {
    std::fill_n(out.data, out.size(), T(0));
    return;
  }
  const InOrder<T> packed(x);
  if (width >= kWide) return sum_in_segments(packed.data(), id, count, width, segments, out.data);
  std::fill_n(out.data, out.size(), T(0));
  for (Index i = 0; i < count; ++i) {
    const T* from = packed.data() + i * width;
    T* to = out.data + id[i] * width;
    for (Index j = 0; j < width; ++j) to[j] += from[j];
  }
}

template void segment_sum(const View<const float>&, const View<const std::int64_t>&, const View<float>&);
template void segment_sum(const View<const double>&, const View<const std::int64_t>&, const View<double>&);

}  // namespace fastnn
