#include "fastnn/ops/rmsprop.h"

#include "array.h"
#include "parameters.h"

namespace fastnn::bindings {
namespace {

void update(const py::list& params, const py::list& grads, const py::list& velocities,
            const py::object& momentums, const py::object& averages, double lr, double rho, double momentum,
            double epsilon, double weight_decay) {
  const Parameters parameters("rmsprop_update", params, grads, {velocities, momentums, averages});
  check(momentum == 0 || !momentums.is_none(), "rmsprop_update", "momentum needs a list of momentums");
  const Rmsprop options{lr, rho, momentum, !averages.is_none(), epsilon, weight_decay};
  parameters.update([&](const auto& of_one_type) { rmsprop_update(of_one_type, options); });
}

}  // namespace

void register_rmsprop(py::module_& m) { m.def("rmsprop_update", &update); }

}  // namespace fastnn::bindings
