#include "fastnn/ops/arg_reduction.h"

#include "reduction.h"

namespace fastnn::bindings {
namespace {

const Index* one_axis(const ReduceOptions& options) {
  return options.axes->all ? nullptr : options.axes->values.begin();
}

}  // namespace

void register_arg_reduction(py::module_& m) {
  add_reduction<ArgmaxSignature, Position>(
      m, "argmax", "argmax",
      [](auto& x, auto& out, const ReduceOptions& options) { argmax(x, one_axis(options), out); });
  add_reduction<ArgmaxSignature, Position>(
      m, "argmin", "argmin",
      [](auto& x, auto& out, const ReduceOptions& options) { argmin(x, one_axis(options), out); });
}

}  // namespace fastnn::bindings
