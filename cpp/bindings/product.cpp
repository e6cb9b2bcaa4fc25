// numpy.matmul and numpy.dot.
#include "bindings.h"
#include "fastnn/core/check.h"
#include "fastnn/ops/matmul.h"
#include "function.h"
#include "out.h"

namespace fastnn::bindings {
namespace {

/// The products that are matmul's: all of numpy.matmul's, and those of numpy.dot whose second factor has at
/// most two dimensions.
class Product final : public Kernel {
 public:
  Product(const char* name, int most_dims) : Kernel(name), most_dims_(most_dims) {}

  py::object call(const Arguments& args, bool) const override {
    py::handle given;
    if (!split_out(args, 2, given)) return {};
    const std::optional<Input> a = Input::plain(args[0]), b = Input::plain(args[1]);
    if (!a || !b || a->dtype() != b->dtype()) return {};
    const int dims = b->shape().size();
    if (a->shape().size() == 0 || dims == 0 || dims > most_dims_) return {};
    return dispatch(a->dtype(), [&](auto zero) -> py::object {
      using T = decltype(zero);
      const View<const T> x = a->view<T>(), y = b->view<T>();
      if (x.shape.back() != y.shape[dims == 1 ? 0 : dims - 2]) {
        fail(name(), "shapes do not fit: a.shape[-1] must equal b.shape[", dims == 1 ? "0" : "-2",
             "]; received ", x.shape, " and ", y.shape);
      }
      const Dims shape = matmul_shape(x.shape, y.shape);
      if (given) {
        const std::optional<View<T>> out = plain_view<T>(given);
        if (!out || out->shape != shape) return {};
        if (out->is_contiguous() && !overlaps(*out, x) && !overlaps(*out, y)) {
          without_gil([&] { matmul_forward(x, y, *out); });
          return py::reinterpret_borrow<py::object>(given);
        }
      }
      const Output<T> out = output<T>(name(), shape);
      without_gil([&] { matmul_forward(x, y, out.view); });
      if (!given) return out.array;
      copy_into(given, out.array);
      return py::reinterpret_borrow<py::object>(given);
    });
  }

 private:
  int most_dims_;
};

}  // namespace

void register_product(py::module_& m) {
  add_function(m, std::make_unique<Product>("matmul", kMaxDims), "matmul");
  add_function(m, std::make_unique<Product>("dot", 2), "dot");
}

}  // namespace fastnn::bindings
