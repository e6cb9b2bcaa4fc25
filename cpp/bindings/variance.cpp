#include "fastnn/ops/variance.h"

#include "reduction.h"

namespace fastnn::bindings {

void register_variance(py::module_& m) {
  add_reduction<VarSignature>(m, "var", "var", [](auto& x, auto& out, const ReduceOptions& options) {
    variance(x, options.ddof, out);
  });
  add_reduction<VarSignature>(m, "std", "std", [](auto& x, auto& out, const ReduceOptions& options) {
    standard_deviation(x, options.ddof, out);
  });
}

}  // namespace fastnn::bindings
