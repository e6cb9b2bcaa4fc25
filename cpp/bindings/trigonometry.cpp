#include "fastnn/ops/trigonometry.h"

#include "elementwise.h"

namespace fastnn::bindings {

void register_trigonometry(py::module_& m) {
  add_unary(m, "sin", sin, sin, "sin");
  add_unary(m, "cos", cos, cos, "cos");
  add_unary(m, "tan", tan, tan, "tan");
}

}  // namespace fastnn::bindings
