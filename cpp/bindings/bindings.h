// The list of what module.cpp registers: one function per stem.
#pragma once

#include <pybind11/pybind11.h>

namespace fastnn::bindings {

/// Before all others: the type of their functions.
void register_activation(pybind11::module_& m);
void register_flow(pybind11::module_& m);
void register_function(pybind11::module_& m);
void register_adagrad(pybind11::module_& m);
void register_adam(pybind11::module_& m);
void register_arg_reduction(pybind11::module_& m);
void register_arithmetic(pybind11::module_& m);
void register_binary_cross_entropy(pybind11::module_& m);
void register_comparison(pybind11::module_& m);
void register_config(pybind11::module_& m);
void register_conv(pybind11::module_& m);
void register_cross_entropy(pybind11::module_& m);
void register_cumsum(pybind11::module_& m);
void register_dense(pybind11::module_& m);
void register_dot_product_attention(pybind11::module_& m);
void register_depthwise_conv(pybind11::module_& m);
void register_dropout(pybind11::module_& m);
void register_erf(pybind11::module_& m);
void register_exponential(pybind11::module_& m);
void register_extrema(pybind11::module_& m);
void register_flow(pybind11::module_& m);
void register_function(pybind11::module_& m);
void register_gather(pybind11::module_& m);
void register_group_normalization(pybind11::module_& m);
void register_layer_normalization(pybind11::module_& m);
void register_logsumexp(pybind11::module_& m);
void register_matmul(pybind11::module_& m);
void register_mean_squared_error(pybind11::module_& m);
void register_metrics(pybind11::module_& m);
void register_node(pybind11::module_& m);
void register_norm(pybind11::module_& m);
void register_op(pybind11::module_& m);
void register_pooling(pybind11::module_& m);
void register_power(pybind11::module_& m);
void register_product(pybind11::module_& m);
void register_random(pybind11::module_& m);
void register_recurrent(pybind11::module_& m);
void register_reduction(pybind11::module_& m);
void register_relu(pybind11::module_& m);
void register_rmsprop(pybind11::module_& m);
void register_rounding(pybind11::module_& m);
void register_segment_sum(pybind11::module_& m);
void register_sgd(pybind11::module_& m);
void register_sigmoid(pybind11::module_& m);
void register_silu(pybind11::module_& m);
void register_softmax(pybind11::module_& m);
void register_tape(pybind11::module_& m);
void register_variance(pybind11::module_& m);
void register_trigonometry(pybind11::module_& m);
void register_where(pybind11::module_& m);

}  // namespace fastnn::bindings
