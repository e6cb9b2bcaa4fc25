#include "fastnn/ops/where.h"

#include "fastnn/core/shape.h"
#include "function.h"
#include "operands.h"

namespace fastnn::bindings {
namespace {

/// numpy.where(condition, x, y) for arrays in C order.
class Where final : public Kernel {
 public:
  Where() : Kernel("where") {}

  py::object call(const Arguments& args, bool) const override {
    if (args.positional != 3 || args.keywords() != 0) return {};
    const std::optional<View<const bool>> condition = plain_view<const bool>(args[0]);
    if (!condition || !condition->is_contiguous()) return {};
    Operands<2> operands;
    if (!operands.read(name(), args.values + 1, false)) return {};
    return dispatch(operands.dtype(), [&](auto zero) -> py::object {
      using T = decltype(zero);
      T numbers[2];
      const View<const T> a = operands.view(0, numbers[0]), b = operands.view(1, numbers[1]);
      if (!a.is_contiguous() || !b.is_contiguous()) return {};  // NumPy's result may not be in C order
      const Dims shape = broadcast_shape(name(), broadcast_shape(name(), condition->shape, a.shape), b.shape);
      const Output<T> out = output<T>(name(), shape);
      without_gil(out.view.size(), [&] { where<T>(*condition, a, b, out.view); });
      return out.array;
    });
  }
};

}  // namespace

void register_where(py::module_& m) { add_function(m, std::make_unique<Where>(), "where"); }

}  // namespace fastnn::bindings
