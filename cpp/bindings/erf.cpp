#include "fastnn/ops/erf.h"

#include "elementwise.h"

namespace fastnn::bindings {

void register_erf(py::module_& m) { add_unary(m, "erf", erf, erf, nullptr); }

}  // namespace fastnn::bindings
