// What the benchmark programs share: registration by type and threads, and the peaks of this machine, which
// each program measures for itself before it says what fraction of them a kernel reaches.
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "fastnn/core/buffer.h"
#include "fastnn/core/config.h"
#include "fastnn/core/parallel.h"
#include "fastnn/kernels/vector.h"

namespace fastnn::bench {

/// Seconds of the calmest of several runs.
template <class F>
double seconds(int runs, F&& run) {
  double best = 1e9;
  for (int i = 0; i < runs; ++i) {
    const auto start = std::chrono::steady_clock::now();
    run();
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
    best = std::min(best, time.count());
  }
  return best;
}

/// Runs multiply-adds on as many sums as hide the latency of one; returns their number, counted twice.
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
  return 2.0 * sums * steps * static_cast<double>(kLanes<T>);
}

/// Floating-point operations per second of nothing but multiply-adds in registers, on all threads.
template <class T>
double peak_flops(int threads) {
  static std::map<int, double> known;
  double& peak = known[threads];
  if (peak > 0) return peak;
  set_num_threads(threads);
  double work = 0;
  const double time = seconds(200, [&] {
    parallel_for(threads, 1, [&](Index begin, Index) {
      const double done = multiply_add<T>();
      if (begin == 0) work = done * threads;
    });
  });
  return peak = work / time;
}

/// Bytes per second at which this many bytes can be read again and again, on all threads: the speed of the
/// cache, or the memory, that holds them.
inline double peak_bandwidth(double bytes, int threads) {
  constexpr Index unroll = 8, lanes = kLanes<float>;
  const Index block = std::max<Index>(1, static_cast<Index>(bytes) / (threads * unroll * kVectorBytes));
  const Index share = block * unroll * lanes;  // floats of one thread
  static std::map<std::pair<Index, int>, double> known;
  double& peak = known[{share, threads}];
  if (peak > 0) return peak;
  set_num_threads(threads);
  Buffer<float> memory(share * threads);
  std::fill_n(memory.data(), share * threads, 1.0F);
  const Index repeats = std::max<Index>(1, (Index{1} << 22) / share);
  const double time = seconds(10, [&] {
    parallel_for(threads, 1, [&](Index begin, Index) {
      const float* from = memory.data() + begin * share;
      Vec<float> sums[unroll] = {};
      for (Index repeat = 0; repeat < repeats; ++repeat) {
        for (Index i = 0; i < share; i += unroll * lanes) {
#pragma GCC unroll 8
          for (Index j = 0; j < unroll; ++j) sums[j] += load(from + i + j * lanes);
        }
      }
      for (Index j = 0; j < unroll; ++j) benchmark::DoNotOptimize(sums[j]);
    });
  });
  return peak = 4.0 * static_cast<double>(share * threads * repeats) / time;
}

inline void count(benchmark::State& state, const char* unit, double per_call, double peak) {
  const double all = per_call * static_cast<double>(state.iterations());
  state.counters[unit] = benchmark::Counter(1e-9 * all, benchmark::Counter::kIsRate);
  state.counters["of_peak"] = benchmark::Counter(all / peak, benchmark::Counter::kIsRate);
}
/// What a call does: operations, compared with multiply-adds in registers; or bytes read and written,
/// compared with reading as many.
template <class T>
void count_flops(benchmark::State& state, double flops, int threads) {
  count(state, "GFLOP/s", flops, peak_flops<T>(threads));
}
inline void count_bytes(benchmark::State& state, double bytes, int threads) {
  count(state, "GB/s", bytes, peak_bandwidth(bytes, threads));
}

/// An array of ones.
template <class T>
class Ones {
 public:
  explicit Ones(const Dims& shape) : memory_(View<T>(nullptr, shape).size()), view(memory_.data(), shape) {
    std::fill_n(memory_.data(), view.size(), T(1));
  }

 private:
  Buffer<T> memory_;

 public:
  const View<T> view;
};

/// Registers run(T{}, threads, state) under "name/float/threads:1" and so on: both types, 1, 2, 4, ...
/// threads.
template <class F>
void add(const std::string& name, F run) {
  static const int most_threads = get_num_threads();
  for (int threads = 1; threads <= most_threads; threads *= 2) {
    const auto one = [&](const char* type, auto zero) {
      benchmark::RegisterBenchmark((name + "/" + type + "/threads:" + std::to_string(threads)).c_str(),
                                   [run, zero, threads](benchmark::State& state) {
                                     set_num_threads(threads);
                                     run(zero, threads, state);
                                   })
          ->UseRealTime();
    };
    one("float", float{});
    one("double", double{});
  }
}

inline int run_all(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::AddCustomContext("level", build_isa());
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace fastnn::bench
