// The two layers of 784-512-10 forward and backward, by batch: GFLOP/s of their products.
#include "fastnn/ops/dense.h"

#include "bench.h"

namespace fastnn::bench {
namespace {

void dense(Index batch, Index in, Index units, Activation activation) {
  const std::string size = std::to_string(batch) + "x" + std::to_string(in) + "x" + std::to_string(units);
  const double flops =
      2.0 * static_cast<double>(batch) * static_cast<double>(in) * static_cast<double>(units);
  add("dense_forward/" + size, [=](auto zero, int threads, benchmark::State& state) {
    using T = decltype(zero);
    const Ones<T> x({batch, in}), kernel({in, units}), bias({units}), y({batch, units});
    const View<const T> b = bias.view;
    for (auto _ : state) dense_forward<T>(x.view, kernel.view, &b, activation, y.view);
    count_flops<T>(state, flops, threads);
  });
  add("dense_backward/" + size, [=](auto zero, int threads, benchmark::State& state) {
    using T = decltype(zero);
    const Ones<T> x({batch, in}), kernel({in, units}), y({batch, units}), dy({batch, units});
    const Ones<T> dx({batch, in}), dkernel({in, units}), dbias({units});
    for (auto _ : state) {
      dense_backward<T>(x.view, kernel.view, y.view, dy.view, activation, &dx.view, &dkernel.view,
                        &dbias.view);
    }
    count_flops<T>(state, 2 * flops, threads);
  });
}

void register_all() {
  for (const Index batch : {Index{1}, Index{32}, Index{128}, Index{1024}}) {
    dense(batch, 784, 512, Activation::relu);
    dense(batch, 512, 10, Activation::linear);
  }
}

}  // namespace
}  // namespace fastnn::bench

int main(int argc, char** argv) {
  fastnn::bench::register_all();
  return fastnn::bench::run_all(argc, argv);
}
