#include "fastnn/ops/adam.h"

#include "array.h"
#include "parameters.h"

namespace fastnn::bindings {
namespace {

void update(const py::list& params, const py::list& grads, const py::list& m, const py::list& v,
            const py::object& largest, double lr, double beta_1, double beta_2, double epsilon, Index step,
            double weight_decay) {
  const Parameters parameters("adam_update", params, grads, {m, v, largest});
  const Adam options{lr, beta_1, beta_2, epsilon, step, weight_decay, !largest.is_none()};
  parameters.update([&](const auto& of_one_type) { adam_update(of_one_type, options); });
}

}  // namespace

void register_adam(py::module_& m) { m.def("adam_update", &update); }

}  // namespace fastnn::bindings
