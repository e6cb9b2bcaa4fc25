#include "fastnn/ops/extrema.h"

#include "elementwise.h"

namespace fastnn::bindings {

void register_extrema(py::module_& m) {
  add_binary(m, "maximum", maximum, maximum, "maximum");
  add_binary(m, "minimum", minimum, minimum, "minimum");
  add_binary(m, "fmax", fmax, fmax, "fmax");
  add_binary(m, "fmin", fmin, fmin, "fmin");
  add_ternary(m, "clip", clip, clip, "clip");
}

}  // namespace fastnn::bindings
