#include "fastnn/ops/segment_sum.h"

#include <algorithm>

#include "fastnn/core/check.h"
#include "fastnn/core/parallel.h"
#include "fastnn/core/shape.h"
#include "fastnn/kernels/contiguous.h"

namespace fastnn {
namespace {

constexpr const char* kOp = "segment_sum";
constexpr Index kBlock = 64 * 1024;  // elements to add that pay for another thread
constexpr Index kMostBlocks = 8;     // each block reads all ids

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
  std::fill_n(out.data, out.size(), T(0));
  if (x.size() == 0) return;
  const InOrder<T> packed(x);
  const Index width = x.size() / count;
  // A block of segments each: an element's sum has one order, wherever blocks begin.
  const Index blocks = width < 16 ? 1 : std::clamp<Index>(x.size() / kBlock, 1, kMostBlocks);
  parallel_for(segments, (segments + blocks - 1) / blocks, [&](Index begin, Index end) {
    for (Index i = 0; i < count; ++i) {
      if (id[i] < begin || id[i] >= end) continue;
      const T* from = packed.data() + i * width;
      T* to = out.data + id[i] * width;
      for (Index j = 0; j < width; ++j) to[j] += from[j];
    }
  });
}

template void segment_sum(const View<const float>&, const View<const std::int64_t>&, const View<float>&);
template void segment_sum(const View<const double>&, const View<const std::int64_t>&, const View<double>&);

}  // namespace fastnn
