#include "elementwise.h"

#include "fastnn/core/check.h"
#include "fastnn/core/shape.h"
#include "operands.h"
#include "out.h"

namespace fastnn::bindings {
namespace {

template <class Out, class T>
using Unary = void (*)(const View<const T>&, const View<Out>&);
template <class Out, class T>
using Binary = void (*)(const View<const T>&, const View<const T>&, const View<Out>&);
template <class Out, class T>
using Ternary = void (*)(const View<const T>&, const View<const T>&, const View<const T>&, const View<Out>&);

template <class Out, class T>
void apply(Unary<Out, T> f, const View<const T>* x, const View<Out>& out) {
  f(x[0], out);
}
template <class Out, class T>
void apply(Binary<Out, T> f, const View<const T>* x, const View<Out>& out) {
  f(x[0], x[1], out);
}
template <class Out, class T>
void apply(Ternary<Out, T> f, const View<const T>* x, const View<Out>& out) {
  f(x[0], x[1], x[2], out);
}

template <int N, class Narrow, class Wide, bool kTests>
class Elementwise final : public Kernel {
 public:
  Elementwise(const char* name, Narrow narrow, Wide wide) : Kernel(name), narrow_(narrow), wide_(wide) {}

  py::object call(const Arguments& args, bool strict) const override {
    py::handle out;
    if (!split_out(args, N, out)) return {};
    Operands<N> operands;
    if (!operands.read(name(), args.values, strict)) return {};
    return operands.dtype() == DType::float32 ? run<float>(narrow_, operands, out, strict)
                                              : run<double>(wide_, operands, out, strict);
  }

 private:
  template <class T, class F>
  py::object run(F f, const Operands<N>& operands, py::handle given, bool strict) const {
    using Out = std::conditional_t<kTests, bool, T>;
    T numbers[N];
    View<const T> views[N];
    bool in_order = true;
    for (int k = 0; k < N; ++k) {
      views[k] = operands.template view<T>(k, numbers[k]);
      in_order = in_order && views[k].is_contiguous();
    }
    Dims shape = views[0].shape;
    for (int k = 1; k < N; ++k) shape = broadcast_shape(name(), shape, views[k].shape);

    const auto direct = [&](const View<Out>& out) {
      bool undisturbed = without_gaps(out);
      for (int k = 0; k < N; ++k) undisturbed = undisturbed && !disturbs(out, views[k]);
      return undisturbed;
    };
    Dims strides;
    if (!in_order) strides = strides_of_result(views, shape);
    py::object result = write_out<Out>(
        name(), shape, in_order ? nullptr : &strides, given, direct,
        [&](const View<Out>& out) { without_gil(out.size(), [&] { apply<Out, T>(f, views, out); }); });
    if (!result && strict) {
      fail(name(), "out must be a writeable array of the result's type and shape, ", shape);
    }
    return result;
  }

  template <class T>
  static Dims strides_of_result(const View<const T>* views, const Dims& shape) {
    Dims strides[N];
    for (int k = 0; k < N; ++k) strides[k] = broadcast_to(views[k], shape).strides;
    return strides_like(shape, strides, N);
  }

  Narrow narrow_;
  Wide wide_;
};

template <int N, bool kTests, class Narrow, class Wide>
void add(py::module_& m, const char* name, Narrow narrow, Wide wide, const char* numpy_name) {
  add_function(m, std::make_unique<Elementwise<N, Narrow, Wide, kTests>>(name, narrow, wide), numpy_name);
}

}  // namespace

void add_unary(py::module_& m, const char* name, Loop<float, float> narrow, Loop<double, double> wide,
               const char* numpy_name) {
  add<1, false>(m, name, narrow, wide, numpy_name);
}
void add_binary(py::module_& m, const char* name, Loop<float, float, float> narrow,
                Loop<double, double, double> wide, const char* numpy_name) {
  add<2, false>(m, name, narrow, wide, numpy_name);
}
void add_ternary(py::module_& m, const char* name, Loop<float, float, float, float> narrow,
                 Loop<double, double, double, double> wide, const char* numpy_name) {
  add<3, false>(m, name, narrow, wide, numpy_name);
}
void add_test(py::module_& m, const char* name, Loop<bool, float> narrow, Loop<bool, double> wide,
              const char* numpy_name) {
  add<1, true>(m, name, narrow, wide, numpy_name);
}
void add_comparison(py::module_& m, const char* name, Loop<bool, float, float> narrow,
                    Loop<bool, double, double> wide, const char* numpy_name) {
  add<2, true>(m, name, narrow, wide, numpy_name);
}

}  // namespace fastnn::bindings
