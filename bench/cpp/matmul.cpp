// The matmul kernel by size, type and threads: GFLOP/s, and the fraction of the peak that this program
// measures first, with nothing but multiply-adds in registers on all threads.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "fastnn/core/buffer.h"
#include "fastnn/core/config.h"
#include "fastnn/core/parallel.h"
#include "fastnn/kernels/gemm.h"
#include "fastnn/kernels/vector.h"

namespace fastnn {
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

/// Runs multiply-adds on as many sums as hide the latency of one; returns GFLOP per call.
template <class T>
double multiply_add() {
  constexpr int sums = 12, steps = 100000;
  const Vec<T> a = Vec<T>{} + T(0.999), b = Vec<T>{} + T(0.001);
  Vec<T> x[sums];
  for (int j = 0; j < sums; ++j) x[j] = Vec<T>{} + T(j + 2);  // equal or constant ones would fold
  for (int i = 0; i < steps; ++i) {
#pragma GCC unroll 16
    for (int j = 0; j < sums; ++j) x[j] = x[j] * a + b;
  }
  Vec<T> total = {};
#pragma GCC unroll 16
  for (int j = 0; j < sums; ++j) total += x[j];
  benchmark::DoNotOptimize(total);
  return 2e-9 * sums * steps * static_cast<double>(kLanes<T>);
}

template <class T>
double peak(int threads) {
  set_num_threads(threads);
  double best = 0;
  for (int round = 0; round < 30; ++round) {
    const auto start = std::chrono::steady_clock::now();
    double work = 0;
    parallel_for(threads, 1, [&](Index begin, Index) {
      const double done = multiply_add<T>();
      if (begin == 0) work = done * threads;
    });
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
    best = std::max(best, work / time.count());
  }
  return best;
}

template <class T>
void matmul(benchmark::State& state, const Shape& s, int threads, double peak_gflops) {
  set_num_threads(threads);
  Buffer<T> a(s.m * s.k), b(s.k * s.n), c(s.m * s.n);
  std::fill_n(a.data(), s.m * s.k, T(1));
  std::fill_n(b.data(), s.k * s.n, T(1));
  for (auto _ : state) {
    gemm<T>(s.m, s.n, s.k, a.data(), s.a_transposed ? 1 : s.k, s.a_transposed ? s.m : 1, b.data(),
            s.b_transposed ? 1 : s.n, s.b_transposed ? s.k : 1, c.data(), s.n);
    benchmark::ClobberMemory();
  }
  const double work = 2e-9 * static_cast<double>(s.m) * static_cast<double>(s.n) * static_cast<double>(s.k);
  const double all = work * static_cast<double>(state.iterations());
  state.counters["GFLOP/s"] = benchmark::Counter(all, benchmark::Counter::kIsRate);
  state.counters["of_peak"] = benchmark::Counter(all / peak_gflops, benchmark::Counter::kIsRate);
}

template <class T>
void register_all(const std::string& type, int most_threads) {
  for (int threads = 1; threads <= most_threads; threads *= 2) {
    const double measured = peak<T>(threads);
    const std::string end = "/" + type + "/threads:" + std::to_string(threads);
    benchmark::AddCustomContext("peak" + end, std::to_string(measured) + " GFLOP/s");
    for (const Shape& s : kShapes) {
      const std::string name = "matmul/" + (s.name + end);
      benchmark::RegisterBenchmark(name.c_str(), matmul<T>, s, threads, measured)->UseRealTime();
    }
  }
}

}  // namespace
}  // namespace fastnn

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  const int threads = fastnn::get_num_threads();
  benchmark::AddCustomContext("level", fastnn::build_isa());
  fastnn::register_all<float>("float", threads);
  fastnn::register_all<double>("double", threads);
  benchmark::RunSpecifiedBenchmarks();
}
