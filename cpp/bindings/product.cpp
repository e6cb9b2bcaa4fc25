// numpy.matmul, dot, inner, vdot and outer.
#include "fastnn/core/check.h"
#include "fastnn/ops/arithmetic.h"
#include "fastnn/ops/matmul.h"
#include "function.h"
#include "out.h"

namespace fastnn::bindings {
namespace {

/// x as one long vector; nothing where its elements do not lie in C order.
template <class T>
std::optional<View<const T>> raveled(const View<const T>& x) {
  if (!x.is_contiguous()) return std::nullopt;
  return View<const T>(x.data, {x.size()});
}

/// y = f(a, b) into `given`, or a new array.
template <class T, class F>
py::object into(const char* op, const View<const T>& a, const View<const T>& b, const Dims& shape,
                py::handle given, F f) {
  const auto direct = [&](const View<T>& out) {
    return out.is_contiguous() && !overlaps(out, a) && !overlaps(out, b);
  };
  return write_out<T>(op, shape, nullptr, given, direct, [&](const View<T>& out) {
    without_gil(a.size() + b.size() + out.size(), [&] { f(a, b, out); });
  });
}

enum class Rule { matmul, dot, inner, vdot, outer };

/// NumPy's products, where they are a matrix product or an outer one: not those of a second factor of three
/// dimensions and more, which all but matmul have a rule of their own for.
template <Rule kRule>
class Product final : public Kernel {
 public:
  using Kernel::Kernel;

  py::object call(const Arguments& args, bool) const override {
    py::handle given;
    if (!split_out(args, 2, given)) return {};
    if (given && (kRule == Rule::inner || kRule == Rule::vdot)) return {};  // they take no `out`
    const std::optional<Input> a = Input::plain(args[0]), b = Input::plain(args[1]);
    if (!a || !b || a->dtype() != b->dtype()) return {};
    return dispatch(a->dtype(), [&](auto zero) {
      using T = decltype(zero);
      return multiplied<T>(a->view<T>(), b->view<T>(), given);
    });
  }

 private:
  template <class T>
  py::object multiplied(View<const T> x, View<const T> y, py::handle given) const {
    if constexpr (kRule == Rule::vdot || kRule == Rule::outer) {
      const auto long_x = raveled(x), long_y = raveled(y);
      if (!long_x || !long_y) return {};
      x = *long_x;
      y = *long_y;
    }
    if constexpr (kRule == Rule::outer) {
      const View<const T> column(x.data, {x.size(), 1});
      return into<T>(name(), column, y, {x.size(), y.size()}, given, multiply<T>);
    } else {
      const int dims = y.ndim();
      if (x.ndim() == 0 || dims == 0 || (kRule != Rule::matmul && dims > 2)) return {};
      const bool along_last = dims == 1 || kRule == Rule::inner;
      if (x.shape.back() != y.shape[along_last ? dims - 1 : dims - 2]) {
        fail(name(), "shapes do not fit: a.shape[-1] must equal b.shape[",
             dims == 1    ? "0"
             : along_last ? "-1"
                          : "-2",
             "]; received ", x.shape, " and ", y.shape);
      }
      if (kRule == Rule::inner && dims == 2) {
        std::swap(y.shape[0], y.shape[1]);
        std::swap(y.strides[0], y.strides[1]);
      }
      return into<T>(name(), x, y, matmul_shape(x.shape, y.shape), given,
                     [](const auto& v, const auto& w, const auto& out) { matmul_forward<T>(v, w, out); });
    }
  }
};

}  // namespace

void register_product(py::module_& m) {
  add_function(m, std::make_unique<Product<Rule::matmul>>("matmul"), "matmul");
  add_function(m, std::make_unique<Product<Rule::dot>>("dot"), "dot");
  add_function(m, std::make_unique<Product<Rule::inner>>("inner"), "inner");
  add_function(m, std::make_unique<Product<Rule::vdot>>("vdot"), "vdot");
  add_function(m, std::make_unique<Product<Rule::outer>>("outer"), "outer");
}

}  // namespace fastnn::bindings
