#include "bindings.h"

PYBIND11_MODULE(FASTNN_MODULE, m) {
  using namespace fastnn::bindings;
  m.doc() = "fastnn's native kernels, compiled for one CPU level.";
  register_activation(m);
  register_arithmetic(m);
  register_config(m);
  register_reduction(m);
}
