// Convolutions of networks, forward and both gradients: GFLOP/s, and the fraction of the peak of
// multiply-adds.
#include "fastnn/ops/conv.h"

#include "bench.h"

namespace fastnn::bench {
namespace {

struct Size {
  const char* name;
  Index batch, size, channels, kernel, filters;
  const char* padding;
};
constexpr Size kSizes[] = {
    {"64@14", 32, 14, 64, 3, 64, "same"},
    {"128@14", 32, 14, 128, 3, 128, "same"},
    {"256@14", 32, 14, 256, 3, 256, "same"},
    {"64@28", 32, 28, 64, 3, 64, "same"},
    {"128@28", 32, 28, 128, 3, 128, "same"},
    {"256@28", 32, 28, 256, 3, 256, "same"},
    {"512@7", 32, 7, 512, 3, 512, "same"},
    // The layers of LeNet-5 and of a small net.
    {"1-6@28", 128, 28, 1, 5, 6, "valid"},
    {"3-6@32", 128, 32, 3, 5, 6, "valid"},
    {"6-16@12", 128, 12, 6, 5, 16, "valid"},
    {"1-32@28", 128, 28, 1, 3, 32, "valid"},
    {"32-64@13", 128, 13, 32, 3, 64, "valid"},
    {"64-64@5", 128, 5, 64, 3, 64, "valid"},
};

void register_all() {
  for (const Size& s : kSizes) {
    const Dims x{s.batch, s.size, s.size, s.channels}, kernel{s.kernel, s.kernel, s.channels, s.filters};
    Convolution moves{{1, 1}, {1, 1}, {}, {}, false};
    set_padding("conv", s.padding, x, kernel, moves);
    const Dims y = conv_shape("conv", x, kernel, moves);
    const double flops =
        2.0 * static_cast<double>(y[0] * y[1] * y[2] * y[3] * s.kernel * s.kernel * s.channels);
    add(std::string("conv_forward/") + s.name, [=](auto zero, int threads, benchmark::State& state) {
      using T = decltype(zero);
      const Ones<T> in(x), weights(kernel), bias({y[3]}), out(y);
      const View<const T> line = bias.view;
      for (auto _ : state) {
        conv_forward<T>("conv", in.view, weights.view, &line, Activation::relu, moves, out.view);
      }
      count_flops<T>(state, flops, threads);
    });
    add(std::string("conv_input_gradient/") + s.name, [=](auto zero, int threads, benchmark::State& state) {
      using T = decltype(zero);
      const Ones<T> dy(y), weights(kernel), dx(x);
      for (auto _ : state) conv_input_gradient<T>("conv", dy.view, weights.view, moves, dx.view);
      count_flops<T>(state, flops, threads);
    });
    add(std::string("conv_kernel_gradient/") + s.name, [=](auto zero, int threads, benchmark::State& state) {
      using T = decltype(zero);
      const Ones<T> in(x), dy(y), dkernel(kernel);
      for (auto _ : state) conv_kernel_gradient<T>("conv", in.view, dy.view, moves, dkernel.view);
      count_flops<T>(state, flops, threads);
    });
  }
}

}  // namespace
}  // namespace fastnn::bench

int main(int argc, char** argv) {
  fastnn::bench::register_all();
  return fastnn::bench::run_all(argc, argv);
}
