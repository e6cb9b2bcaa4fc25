// Reductions over all elements, over rows and over columns: GB/s of what is read.
#include "fastnn/ops/reduction.h"

#include "bench.h"

namespace fastnn::bench {
namespace {

template <class F>
void reduction(const std::string& name, F f) {
  struct Case {
    const char* name;
    Dims shape, reduced;
  };
  const Case cases[] = {{"1000", {1000}, {1}},
                        {"100000", {100000}, {1}},
                        {"10000000", {10000000}, {1}},
                        {"1000x1000_axis0", {1000, 1000}, {1, 1000}},
                        {"1000x1000_axis1", {1000, 1000}, {1000, 1}},
                        {"10000x512_axis0", {10000, 512}, {1, 512}},
                        {"10000x512_axis1", {10000, 512}, {10000, 1}}};
  for (const Case& c : cases) {
    add(name + "/" + c.name, [f, c](auto zero, int threads, benchmark::State& state) {
      using T = decltype(zero);
      const Ones<T> x(c.shape), out(c.reduced);
      for (auto _ : state) f(View<const T>(x.view), out.view);
      count_bytes(state, sizeof(T) * static_cast<double>(x.view.size()), threads);
    });
  }
}

void register_all() {
  reduction("sum", [](auto x, auto out) { sum(x, out); });
  reduction("mean", [](auto x, auto out) { mean(x, out); });
  reduction("max", [](auto x, auto out) { max(x, out); });
}

}  // namespace
}  // namespace fastnn::bench

int main(int argc, char** argv) {
  fastnn::bench::register_all();
  return fastnn::bench::run_all(argc, argv);
}
