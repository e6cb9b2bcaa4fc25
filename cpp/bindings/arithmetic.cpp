#include "fastnn/ops/arithmetic.h"

#include "elementwise.h"

namespace fastnn::bindings {

void register_arithmetic(py::module_& m) {
  add_binary(m, "add", add, add, "add");
  add_binary(m, "subtract", subtract, subtract, "subtract");
  add_binary(m, "multiply", multiply, multiply, "multiply");
  add_binary(m, "divide", divide, divide, "divide");
  add_unary(m, "negative", negative, negative, "negative");
  add_unary(m, "absolute", absolute, absolute, "absolute");
  add_unary(m, "sign", sign, sign, "sign");
  add_unary(m, "square", square, square, "square");
  add_unary(m, "sqrt", sqrt, sqrt, "sqrt");
  add_unary(m, "rsqrt", rsqrt, rsqrt, nullptr);
  add_unary(m, "reciprocal", reciprocal, reciprocal, "reciprocal");
}

}  // namespace fastnn::bindings
