#include "fastnn/ops/sgd.h"

#include "array.h"
#include "parameters.h"

namespace fastnn::bindings {
namespace {

void update(const py::list& params, const py::list& grads, const py::object& momentums, double lr,
            double momentum, bool nesterov, double weight_decay) {
  const Parameters parameters("sgd_update", params, grads, {momentums});
  check(momentum == 0 || !momentums.is_none(), "sgd_update", "momentum needs a list of momentums");
  const Sgd options{lr, momentum, nesterov, weight_decay};
  parameters.update([&](const auto& of_one_type) { sgd_update(of_one_type, options); });
}

}  // namespace

void register_sgd(py::module_& m) { m.def("sgd_update", &update); }

}  // namespace fastnn::bindings
