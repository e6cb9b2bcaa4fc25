// Errors of the vector mathematics in units of the last place, against the C library in a wider type. By
// default a sample; FASTNN_EVERY_FLOAT=1 visits every float32 (an hour). The table goes to standard output.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <random>
#include <vector>

#include "fastnn/kernels/activation.h"
#include "fastnn/kernels/erf.h"
#include "fastnn/kernels/log.h"
#include "fastnn/kernels/power.h"
#include "fastnn/kernels/trigonometry.h"

namespace fastnn {
namespace {

template <class T>
using Wider = std::conditional_t<sizeof(T) == 4, double, long double>;

/// Infinite where one of the two is NaN, where an infinity is wrong, or 0 has the wrong sign.
template <class T>
double error_in_ulps(T got, Wider<T> exact) {
  constexpr double wrong = std::numeric_limits<double>::infinity();
  using Limits = std::numeric_limits<T>;
  const T nearest = static_cast<T>(exact);
  if (std::isnan(exact) || std::isnan(got)) return std::isnan(exact) && std::isnan(got) ? 0 : wrong;
  if (got == nearest) return got == 0 && std::signbit(got) != std::signbit(nearest) ? wrong : 0;
  if (std::isinf(exact)) return wrong;
  // An infinity counts as the number that would follow the largest.
  const auto number = [](T v) {
    return std::isinf(v) ? std::copysign(std::ldexp(Wider<T>{1}, Limits::max_exponent), v) : Wider<T>{v};
  };
  int exponent;
  std::frexp(exact, &exponent);
  const int last = std::max(exponent, Limits::min_exponent) - Limits::digits;
  return static_cast<double>(std::fabs(std::ldexp(number(got) - exact, -last)));
}

/// What a function is tried on: every `step`th float32; for float64 all orders of magnitude and, as densely,
/// where most functions do their work.
class Arguments {
 public:
  explicit Arguments(std::uint64_t step) : step_(step) {}
  bool fill(float (&x)[kLanes<float>]) {
    for (float& v : x) {
      const auto bits = static_cast<std::uint32_t>(next_);
      std::memcpy(&v, &bits, sizeof v);
      next_ += step_;
    }
    return next_ < (std::uint64_t{1} << 32);
  }
  bool fill(double (&x)[kLanes<double>]) {
    for (double& v : x) {
      const std::uint64_t bits = random_();
      const double u = static_cast<double>(bits >> 11) * 0x1p-52 - 1;  // in [-1, 1)
      switch (bits % 5) {
        case 0:
          std::memcpy(&v, &bits, sizeof v);
          break;
        case 1:
          v = 4 * u;
          break;
        case 2:
          v = 750 * u;
          break;
        case 3:
          v = 1.1e6 * u;
          break;
        default:
          v = std::ldexp(u, static_cast<int>(bits / 5 % 70) - 60);
      }
    }
    next_ += kLanes<double> * step_ * 8;
    return next_ < (std::uint64_t{1} << 32);
  }

 private:
  std::uint64_t step_, next_ = 0;
  std::mt19937_64 random_{1};
};

std::uint64_t step() { return std::getenv("FASTNN_EVERY_FLOAT") != nullptr ? 1 : 4999; }

template <class T, class F, class G>
void measure(const char* name, double limit, F f, G reference) {
  Arguments arguments(step());
  double worst = 0;
  T at = 0;
  T x[kLanes<T>], y[kLanes<T>];
  for (bool more = true; more;) {
    more = arguments.fill(x);
    store(y, f(load(x)));
    for (Index i = 0; i < kLanes<T>; ++i) {
      const double error = error_in_ulps(y[i], reference(static_cast<Wider<T>>(x[i])));
      if (error > worst) worst = error, at = x[i];
    }
  }
  std::printf("%-8s %s %5.2f ulp at %a\n", name, sizeof(T) == 4 ? "float32" : "float64", worst,
              static_cast<double>(at));
  EXPECT_LE(worst, limit) << name << (sizeof(T) == 4 ? " float32" : " float64") << " at "
                          << static_cast<double>(at);
}

template <class F, class G>
void measure(const char* name, double limit, F f, G reference) {
  measure<float>(name, limit, f, reference);
  measure<double>(name, limit, f, reference);
}

#define FASTNN_MEASURE(function, limit) \
  measure(                              \
      #function, limit, [](auto x) { return fastnn::function(x); }, [](auto x) { return std::function(x); })

TEST(Math, Exponentials) {
  FASTNN_MEASURE(exp, 2);
  FASTNN_MEASURE(exp2, 2);
  FASTNN_MEASURE(expm1, 2.5);
  FASTNN_MEASURE(tanh, 3);
  measure("sigmoid", 3, [](auto x) { return sigmoid(x); }, [](auto x) { return 1 / (1 + std::exp(-x)); });
}
TEST(Math, Logarithms) {
  FASTNN_MEASURE(log, 1.5);
  FASTNN_MEASURE(log1p, 2);
  FASTNN_MEASURE(log2, 2.5);
  FASTNN_MEASURE(log10, 2.5);
}
TEST(Math, Trigonometry) {
  FASTNN_MEASURE(sin, 2);
  FASTNN_MEASURE(cos, 2);
  FASTNN_MEASURE(tan, 3.5);
}
TEST(Math, Erf) { FASTNN_MEASURE(erf, 3); }
#undef FASTNN_MEASURE

template <class T>
void measure_power() {
  using Limits = std::numeric_limits<T>;
  const T whole = std::ldexp(T{1}, Limits::digits - 1), inf = Limits::infinity();
  std::vector<T> special = {0,
                            1,
                            2,
                            3,
                            static_cast<T>(0.5),
                            static_cast<T>(7.5),
                            inf,
                            Limits::quiet_NaN(),
                            Limits::denorm_min(),
                            Limits::min(),
                            Limits::max(),
                            std::nextafter(T{1}, T{2}),
                            std::nextafter(T{1}, T{0}),
                            whole / 2 + static_cast<T>(0.5),
                            whole - 1,
                            whole + 1,
                            2 * whole - 1,
                            2 * whole};
  for (std::size_t i = 0, n = special.size(); i < n; ++i) special.push_back(-special[i]);
  std::vector<T> xs, ys;
  for (const T x : special) {
    for (const T y : special) xs.push_back(x), ys.push_back(y);
  }
  std::mt19937_64 random(1);
  const std::size_t samples = std::size_t{1} << (step() == 1 ? 27 : 20);
  const auto uniform = [&](double low, double high) {
    return static_cast<T>(low + (high - low) * static_cast<double>(random() >> 11) * 0x1p-53);
  };
  const T most = Limits::max_exponent;  // of |log2(x^y)|
  T a[kLanes<T>], b[kLanes<T>], p[kLanes<T>];
  double worst = 0;
  T worst_x = 0, worst_y = 0;
  for (std::size_t k = 0; k < xs.size() + samples; k += kLanes<T>) {
    for (Index i = 0; i < kLanes<T>; ++i) {
      const std::size_t at = k + static_cast<std::size_t>(i);
      if (at < xs.size()) {
        a[i] = xs[at], b[i] = ys[at];
      } else if (at % 4 == 0) {  // the whole range of results
        a[i] = std::exp2(uniform(-10, 10)), b[i] = uniform(-1.1, 1.1) * most / std::log2(a[i]);
      } else if (at % 4 == 1) {  // near 1
        a[i] = uniform(0.99, 1.01), b[i] = uniform(-1.1, 1.1) * most / std::log2(a[i]);
      } else if (at % 4 == 2) {
        a[i] = uniform(-4, 4), b[i] = std::floor(uniform(-30, 30));
      } else {  // any bits
        const std::uint64_t x = random(), y = random();
        std::memcpy(&a[i], &x, sizeof(T));
        std::memcpy(&b[i], &y, sizeof(T));
      }
    }
    store(p, power(load(a), load(b)));
    for (Index i = 0; i < kLanes<T>; ++i) {
      const double error =
          error_in_ulps(p[i], std::pow(static_cast<Wider<T>>(a[i]), static_cast<Wider<T>>(b[i])));
      if (error > worst) worst = error, worst_x = a[i], worst_y = b[i];
    }
  }
  std::printf("%-8s %s %5.2f ulp at %a, %a\n", "power", sizeof(T) == 4 ? "float32" : "float64", worst,
              static_cast<double>(worst_x), static_cast<double>(worst_y));
  EXPECT_LE(worst, 2) << static_cast<double>(worst_x) << ", " << static_cast<double>(worst_y);
}
TEST(Math, Power) {
  measure_power<float>();
  measure_power<double>();
}

/// An element's bits depend neither on its lane nor on its neighbours, which may take a longer way.
template <class T, class F>
void expect_alone_as_in_company(const char* name, F f) {
  using Limits = std::numeric_limits<T>;
  const T company[] = {0, -1, Limits::infinity(), Limits::quiet_NaN(), Limits::denorm_min(), Limits::max(),
                       1};
  std::mt19937_64 random(2);
  for (int k = 0; k < 2000; ++k) {
    T x =
        static_cast<T>(std::ldexp(static_cast<double>(random() >> 11), static_cast<int>(random() % 30) - 70));
    if (k % 10 == 0) x = -company[random() % 7];
    T lanes[kLanes<T>], y[kLanes<T>], alone[kLanes<T>];
    store(alone, f(splat<Vec<T>>(x)));
    for (T& v : lanes) v = company[random() % 7];
    const Index at = static_cast<Index>(random() % kLanes<T>);
    lanes[at] = x;
    store(y, f(load(lanes)));
    ASSERT_EQ(std::memcmp(&y[at], &alone[0], sizeof(T)), 0) << name << " of " << static_cast<double>(x);
  }
}
template <class F>
void expect_alone_as_in_company(const char* name, F f) {
  expect_alone_as_in_company<float>(name, f);
  expect_alone_as_in_company<double>(name, f);
}
TEST(Math, BitsDependOnTheValueAlone) {
  expect_alone_as_in_company("log", [](auto x) { return log(x); });
  expect_alone_as_in_company("log1p", [](auto x) { return log1p(x); });
  expect_alone_as_in_company("sin", [](auto x) { return sin(x); });
  expect_alone_as_in_company("cos", [](auto x) { return cos(x); });
  expect_alone_as_in_company("tan", [](auto x) { return tan(x); });
  expect_alone_as_in_company("power",
                             [](auto x) { return power(x, splat<decltype(x)>(Lane<decltype(x)>(1.7))); });
}

}  // namespace
}  // namespace fastnn
