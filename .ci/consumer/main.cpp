// A dense layer with the installed library, and what comes of a shape that does not fit.
#include <cstdio>
#include <stdexcept>

#include "fastnn/core/config.h"
#include "fastnn/ops/dense.h"

int main() {
  using fastnn::View;
  const float x[] = {1, 2}, kernel[] = {1, 2, 3, 4, 5, 6}, bias[] = {-10, 0, 1};
  float y[3];
  const View<const float> in(x, {1, 2}), weights(kernel, {2, 3}), line(bias, {3});
  fastnn::dense_forward<float>(in, weights, &line, fastnn::Activation::relu, View<float>(y, {1, 3}));
  if (y[0] != 0 || y[1] != 12 || y[2] != 16) return 1;
  try {
    fastnn::dense_shape({1, 3}, {2, 3});
    return 1;
  } catch (const std::invalid_argument& error) {
    std::printf("fastnn %s, level %s: %s\n", fastnn::build_version(), fastnn::build_isa(), error.what());
  }
}
