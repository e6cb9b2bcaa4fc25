#include "fastnn/ops/logsumexp.h"

#include "reduction.h"

namespace fastnn::bindings {

void register_logsumexp(py::module_& m) {
  add_reduction<OwnSignature>(m, "logsumexp", nullptr,
                              [](auto& x, auto& out, const ReduceOptions&) { logsumexp(x, out); });
}

}  // namespace fastnn::bindings
