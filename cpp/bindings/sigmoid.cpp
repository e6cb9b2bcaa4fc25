#include "fastnn/ops/sigmoid.h"

#include "elementwise.h"

namespace fastnn::bindings {

void register_sigmoid(py::module_& m) {
  add_unary(m, "sigmoid", sigmoid, sigmoid, nullptr);
  add_binary(m, "sigmoid_backward", sigmoid_backward, sigmoid_backward, nullptr);
  add_unary(m, "tanh", tanh, tanh, "tanh");
  add_binary(m, "tanh_backward", tanh_backward, tanh_backward, nullptr);
  add_unary(m, "hard_sigmoid", hard_sigmoid, hard_sigmoid, nullptr);
  add_binary(m, "hard_sigmoid_backward", hard_sigmoid_backward, hard_sigmoid_backward, nullptr);
  add_unary(m, "softsign", softsign, softsign, nullptr);
  add_binary(m, "softsign_backward", softsign_backward, softsign_backward, nullptr);
  add_unary(m, "softplus", softplus, softplus, nullptr);
  add_binary(m, "softplus_backward", softplus_backward, softplus_backward, nullptr);
  add_unary(m, "log_sigmoid", log_sigmoid, log_sigmoid, nullptr);
  add_binary(m, "log_sigmoid_backward", log_sigmoid_backward, log_sigmoid_backward, nullptr);
}

}  // namespace fastnn::bindings
