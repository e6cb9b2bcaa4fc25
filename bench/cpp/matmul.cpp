// The matmul kernel by size, type and threads: GFLOP/s, and the fraction of the peak of multiply-adds.
#include "bench.h"
#include "fastnn/kernels/gemm.h"

namespace fastnn::bench {
namespace {

struct Shape {
  const char* name;
  Index m, n, k;
  bool a_transposed, b_transposed;
};
constexpr Shape kShapes[] = {
    {"2048x2048x2048", 2048, 2048, 2048, false, false},
    {"1024x1024x1024", 1024, 1024, 1024, false, false},
    {"512x512x512", 512, 512, 512, false, false},
    {"256x256x256", 256, 256, 256, false, false},
    {"64x64x64", 64, 64, 64, false, false},
    {"16x16x16", 16, 16, 16, false, false},
    // A two-layer network on MNIST, batch 128: forward, weight gradient, input gradient of each layer.
    {"128x512x784", 128, 512, 784, false, false},
    {"784x512x128_TN", 784, 512, 128, true, false},
    {"128x784x512_NT", 128, 784, 512, false, true},
    {"128x10x512", 128, 10, 512, false, false},
    {"512x10x128_TN", 512, 10, 128, true, false},
    {"128x512x10_NT", 128, 512, 10, false, true},
    // Its other batches, and other layers.
    {"1x512x784", 1, 512, 784, false, false},
    {"32x512x784", 32, 512, 784, false, false},
    {"1024x512x784", 1024, 512, 784, false, false},
    {"512x784x128", 512, 784, 128, false, false},
    {"32x128x128", 32, 128, 128, false, false},
    {"32x64x32", 32, 64, 32, false, false},
    {"32x32x10", 32, 32, 10, false, false},
    {"4x2x8", 4, 2, 8, false, false},
    {"4x8x1", 4, 8, 1, false, false},
    // Vectors and thin matrices: bound by reading the large operand.
    {"512x1x784", 512, 1, 784, false, false},
    {"1x4096x4096", 1, 4096, 4096, false, false},
    {"4096x1x4096", 4096, 1, 4096, false, false},
    {"1024x2x1024", 1024, 2, 1024, false, false},
    {"1024x4x1024", 1024, 4, 1024, false, false},
    {"1024x8x1024", 1024, 8, 1024, false, false},
    {"1024x16x1024", 1024, 16, 1024, false, false},
};

void register_all() {
  for (const Shape& s : kShapes) {
    add(std::string("matmul/") + s.name, [s](auto zero, int threads, benchmark::State& state) {
      using T = decltype(zero);
      const Ones<T> a({s.m, s.k}), b({s.k, s.n}), c({s.m, s.n});
      for (auto _ : state) {
        gemm<T>(s.m, s.n, s.k, a.view.data, s.a_transposed ? 1 : s.k, s.a_transposed ? s.m : 1, b.view.data,
                s.b_transposed ? 1 : s.n, s.b_transposed ? s.k : 1, c.view.data, s.n);
        benchmark::ClobberMemory();
      }
      count_flops<T>(state,
                     2.0 * static_cast<double>(s.m) * static_cast<double>(s.n) * static_cast<double>(s.k),
                     threads);
    });
  }
}

}  // namespace
}  // namespace fastnn::bench

int main(int argc, char** argv) {
  fastnn::bench::register_all();
  return fastnn::bench::run_all(argc, argv);
}
