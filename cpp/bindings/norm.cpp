#include "fastnn/ops/norm.h"

#include "reduction.h"

namespace fastnn::bindings {

void register_norm(py::module_& m) {
  using Options = ReduceOptions;
  add_reduction<OwnSignature>(m, "norm_1", nullptr,
                              [](auto& x, auto& out, const Options&) { norm_1(x, out); });
  add_reduction<OwnSignature>(m, "norm_2", nullptr,
                              [](auto& x, auto& out, const Options&) { norm_2(x, out); });
  add_reduction<OwnSignature>(m, "norm_max", nullptr,
                              [](auto& x, auto& out, const Options&) { norm_max(x, out); });
}

}  // namespace fastnn::bindings
