#include "fastnn/ops/power.h"

#include "elementwise.h"

namespace fastnn::bindings {

void register_power(py::module_& m) { add_binary(m, "power", power, power, "power"); }

}  // namespace fastnn::bindings
