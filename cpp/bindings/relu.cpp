#include "fastnn/ops/relu.h"

#include "elementwise.h"

namespace fastnn::bindings {

void register_relu(py::module_& m) {
  add_unary(m, "relu", relu, relu, nullptr);
  add_binary(m, "relu_backward", relu_backward, relu_backward, nullptr);
  add_unary(m, "relu6", relu6, relu6, nullptr);
  add_binary(m, "relu6_backward", relu6_backward, relu6_backward, nullptr);
  add_binary(m, "leaky_relu", leaky_relu, leaky_relu, nullptr);
  add_ternary(m, "leaky_relu_backward", leaky_relu_backward, leaky_relu_backward, nullptr);
  add_binary(m, "elu", elu, elu, nullptr);
  add_ternary(m, "elu_backward", elu_backward, elu_backward, nullptr);
  add_unary(m, "selu", selu, selu, nullptr);
  add_binary(m, "selu_backward", selu_backward, selu_backward, nullptr);
}

}  // namespace fastnn::bindings
