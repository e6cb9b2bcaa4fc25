#include "bindings.h"

PYBIND11_MODULE(FASTNN_MODULE, m) {
  using namespace fastnn::bindings;
  m.doc() = "fastnn's native kernels, compiled for one CPU level.";
  register_function(m);
  register_adagrad(m);
  register_adam(m);
  register_arg_reduction(m);
  register_arithmetic(m);
  register_binary_cross_entropy(m);
  register_comparison(m);
  register_config(m);
  register_cross_entropy(m);
  register_cumsum(m);
  register_dense(m);
  register_erf(m);
  register_exponential(m);
  register_extrema(m);
  register_flow(m);
  register_gather(m);
  register_group_normalization(m);
  register_layer_normalization(m);
  register_logsumexp(m);
  register_matmul(m);
  register_mean_squared_error(m);
  register_metrics(m);
  register_node(m);
  register_norm(m);
  register_op(m);
  register_pooling(m);
  register_power(m);
  register_product(m);
  register_random(m);
  register_reduction(m);
  register_relu(m);
  register_rmsprop(m);
  register_rounding(m);
  register_segment_sum(m);
  register_sgd(m);
  register_sigmoid(m);
  register_silu(m);
  register_softmax(m);
  register_tape(m);
  register_variance(m);
  register_trigonometry(m);
  register_where(m);
}
