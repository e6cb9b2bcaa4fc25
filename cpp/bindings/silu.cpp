#include "fastnn/ops/silu.h"

#include "elementwise.h"

namespace fastnn::bindings {

void register_silu(py::module_& m) {
  add_unary(m, "silu", silu, silu, nullptr);
  add_binary(m, "silu_backward", silu_backward, silu_backward, nullptr);
  add_unary(m, "hard_silu", hard_silu, hard_silu, nullptr);
  add_binary(m, "hard_silu_backward", hard_silu_backward, hard_silu_backward, nullptr);
  add_unary(m, "mish", mish, mish, nullptr);
  add_binary(m, "mish_backward", mish_backward, mish_backward, nullptr);
  add_unary(m, "gelu", gelu, gelu, nullptr);
  add_binary(m, "gelu_backward", gelu_backward, gelu_backward, nullptr);
  add_unary(m, "gelu_tanh", gelu_tanh, gelu_tanh, nullptr);
  add_binary(m, "gelu_tanh_backward", gelu_tanh_backward, gelu_tanh_backward, nullptr);
}

}  // namespace fastnn::bindings
