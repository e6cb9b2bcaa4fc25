#include "fastnn/ops/exponential.h"

#include "elementwise.h"

namespace fastnn::bindings {

void register_exponential(py::module_& m) {
  add_unary(m, "exp", exp, exp, "exp");
  add_unary(m, "exp2", exp2, exp2, "exp2");
  add_unary(m, "expm1", expm1, expm1, "expm1");
  add_unary(m, "log", log, log, "log");
  add_unary(m, "log2", log2, log2, "log2");
  add_unary(m, "log10", log10, log10, "log10");
  add_unary(m, "log1p", log1p, log1p, "log1p");
}

}  // namespace fastnn::bindings
