#include "fastnn/ops/comparison.h"

#include "elementwise.h"

namespace fastnn::bindings {

void register_comparison(py::module_& m) {
  add_comparison(m, "equal", equal, equal, "equal");
  add_comparison(m, "not_equal", not_equal, not_equal, "not_equal");
  add_comparison(m, "less", less, less, "less");
  add_comparison(m, "less_equal", less_equal, less_equal, "less_equal");
  add_comparison(m, "greater", greater, greater, "greater");
  add_comparison(m, "greater_equal", greater_equal, greater_equal, "greater_equal");
  add_test(m, "isnan", isnan, isnan, "isnan");
  add_test(m, "isinf", isinf, isinf, "isinf");
  add_test(m, "isfinite", isfinite, isfinite, "isfinite");
}

}  // namespace fastnn::bindings
