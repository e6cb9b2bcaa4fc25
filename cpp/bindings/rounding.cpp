#include "fastnn/ops/rounding.h"

#include "elementwise.h"

namespace fastnn::bindings {

void register_rounding(py::module_& m) {
  add_unary(m, "floor", floor, floor, "floor");
  add_unary(m, "ceil", ceil, ceil, "ceil");
  add_unary(m, "trunc", trunc, trunc, "trunc");
  add_unary(m, "round", round, round, "rint");
}

}  // namespace fastnn::bindings
