#include "fastnn/ops/adagrad.h"

#include "array.h"
#include "parameters.h"

namespace fastnn::bindings {
namespace {

void update(const py::list& params, const py::list& grads, const py::list& accumulators, double lr,
            double epsilon, double weight_decay) {
  const Parameters parameters("adagrad_update", params, grads, {accumulators});
  const Adagrad options{lr, epsilon, weight_decay};
  parameters.update([&](const auto& of_one_type) { adagrad_update(of_one_type, options); });
}

}  // namespace

void register_adagrad(py::module_& m) { m.def("adagrad_update", &update); }

}  // namespace fastnn::bindings
