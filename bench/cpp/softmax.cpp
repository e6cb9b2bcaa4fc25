// Softmax forward and backward along the last axis: GB/s of what is read and written.
#include "fastnn/ops/softmax.h"

#include "bench.h"

namespace fastnn::bench {
namespace {

void register_all() {
  for (const Dims& shape : {Dims{128, 10}, Dims{128, 1000}, Dims{1024, 1000}}) {
    const std::string size = std::to_string(shape[0]) + "x" + std::to_string(shape[1]);
    add("softmax_forward/" + size, [shape](auto zero, int threads, benchmark::State& state) {
      using T = decltype(zero);
      const Ones<T> x(shape), y(shape);
      for (auto _ : state) softmax_forward<T>(x.view, -1, y.view);
      count_bytes(state, 2.0 * sizeof(T) * static_cast<double>(x.view.size()), threads);
    });
    add("softmax_backward/" + size, [shape](auto zero, int threads, benchmark::State& state) {
      using T = decltype(zero);
      const Ones<T> y(shape), dy(shape), dx(shape);
      for (auto _ : state) softmax_backward<T>(y.view, dy.view, -1, dx.view);
      count_bytes(state, 3.0 * sizeof(T) * static_cast<double>(y.view.size()), threads);
    });
  }
}

}  // namespace
}  // namespace fastnn::bench

int main(int argc, char** argv) {
  fastnn::bench::register_all();
  return fastnn::bench::run_all(argc, argv);
}
