// Element-wise functions by size, and with broadcasting: GB/s of what is read and written.
#include "bench.h"
#include "fastnn/ops/arithmetic.h"
#include "fastnn/ops/comparison.h"
#include "fastnn/ops/erf.h"
#include "fastnn/ops/exponential.h"
#include "fastnn/ops/extrema.h"
#include "fastnn/ops/power.h"
#include "fastnn/ops/relu.h"
#include "fastnn/ops/sigmoid.h"
#include "fastnn/ops/silu.h"
#include "fastnn/ops/trigonometry.h"

namespace fastnn::bench {
namespace {

std::string size_name(Index n) { return std::to_string(n); }

/// f(x, out) and f(a, b, out) on arrays of n elements.
template <class F>
void unary(const std::string& name, F f) {
  for (const Index n : {Index{1000}, Index{100000}, Index{10000000}}) {
    add(name + "/" + size_name(n), [f, n](auto zero, int threads, benchmark::State& state) {
      using T = decltype(zero);
      const Ones<T> x({n}), out({n});
      for (auto _ : state) f(View<const T>(x.view), out.view);
      count_bytes(state, 2.0 * sizeof(T) * static_cast<double>(n), threads);
    });
  }
}
template <class F>
void binary(const std::string& name, F f) {
  for (const Index n : {Index{1000}, Index{100000}, Index{10000000}}) {
    add(name + "/" + size_name(n), [f, n](auto zero, int threads, benchmark::State& state) {
      using T = decltype(zero);
      const Ones<T> a({n}), b({n}), out({n});
      for (auto _ : state) f(View<const T>(a.view), View<const T>(b.view), out.view);
      count_bytes(state, 3.0 * sizeof(T) * static_cast<double>(n), threads);
    });
  }
}

/// (10000, 512) + something that is broadcast, or lies in another order.
template <class Other>
void broadcast(const std::string& name, const Dims& shape, Other other) {
  add("add/10000x512" + name, [shape, other](auto zero, int threads, benchmark::State& state) {
    using T = decltype(zero);
    const Dims whole{10000, 512};
    const Ones<T> a(whole), b(shape), out(whole);
    const View<const T> operand = other(View<const T>(b.view));
    for (auto _ : state) fastnn::add<T>(a.view, operand, out.view);
    const double elements = 2.0 * static_cast<double>(a.view.size()) + static_cast<double>(b.view.size());
    count_bytes(state, elements * sizeof(T), threads);
  });
}

template <class T>
View<const T> transposed(const View<const T>& x) {
  return View<const T>(x.data, {x.shape[1], x.shape[0]}, {x.strides[1], x.strides[0]});
}

void register_all() {
  binary("add", [](auto a, auto b, auto out) { fastnn::add(a, b, out); });
  binary("multiply", [](auto a, auto b, auto out) { multiply(a, b, out); });
  binary("divide", [](auto a, auto b, auto out) { divide(a, b, out); });
  binary("maximum", [](auto a, auto b, auto out) { maximum(a, b, out); });
  unary("sqrt", [](auto x, auto out) { sqrt(x, out); });
  unary("relu", [](auto x, auto out) { relu(x, out); });
  unary("sigmoid", [](auto x, auto out) { sigmoid(x, out); });
  unary("tanh", [](auto x, auto out) { tanh(x, out); });
  unary("gelu", [](auto x, auto out) { gelu(x, out); });
  unary("exp", [](auto x, auto out) { exp(x, out); });
  unary("log", [](auto x, auto out) { log(x, out); });
  unary("sin", [](auto x, auto out) { sin(x, out); });
  unary("erf", [](auto x, auto out) { erf(x, out); });
  binary("power", [](auto a, auto b, auto out) { power(a, b, out); });
  broadcast("+512", {512}, [](auto x) { return x; });
  broadcast("+10000x1", {10000, 1}, [](auto x) { return x; });
  broadcast("+transposed", {512, 10000}, [](auto x) { return transposed(x); });
}

}  // namespace
}  // namespace fastnn::bench

int main(int argc, char** argv) {
  fastnn::bench::register_all();
  return fastnn::bench::run_all(argc, argv);
}
