// Threads, CPU level and build options.
#include "fastnn/core/config.h"

#include <pybind11/pybind11.h>

#include "fastnn/core/buffer.h"
#include "fastnn/core/parallel.h"

namespace fastnn::bindings {

namespace py = pybind11;

void register_config(py::module_& m) {
  m.def("get_num_threads", &get_num_threads);
  m.def("set_num_threads", &set_num_threads, py::arg("n"));
  m.def("buffer_cached_bytes", &buffer_cached_bytes);
  m.def("buffer_clear", &buffer_clear);
  m.def("build_info", [] {
    py::dict info;
    info["version"] = build_version();
    info["isa"] = build_isa();
    info["compiler"] = build_compiler();
    info["threading"] = threading();
    info["eigen"] = build_eigen();
    info["sanitized"] = build_sanitized();
    return info;
  });
}

}  // namespace fastnn::bindings
