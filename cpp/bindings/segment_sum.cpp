#include "fastnn/ops/segment_sum.h"

#include "array.h"
#include "fastnn/core/check.h"

namespace fastnn::bindings {
namespace {

constexpr const char* kOp = "segment_sum";

py::object sum_segments(py::handle x_object, py::handle ids_object, Index segments) {
  const Input x(kOp, "x", x_object);
  const IndexInput ids(kOp, "segment_ids", ids_object);
  check(x.shape().size() >= 1, kOp, "x must have at least one dimension");
  check(segments >= 0, kOp, "num_segments must not be negative; received ", segments);
  Dims shape = x.shape();
  shape[0] = segments;
  return dispatch(x.dtype(), [&](auto scalar) -> py::object {
    using T = decltype(scalar);
    const Output<T> out = output<T>(kOp, shape);
    without_gil(x.size() + out.view.size(), [&] { segment_sum(x.view<T>(), ids.view(), out.view); });
    return out.array;
  });
}

}  // namespace

void register_segment_sum(py::module_& m) { m.def("segment_sum", &sum_segments); }

}  // namespace fastnn::bindings
