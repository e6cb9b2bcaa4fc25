#include "fastnn/ops/cumsum.h"

#include "reduction.h"

namespace fastnn::bindings {
namespace {

class Cumsum final : public Kernel {
 public:
  Cumsum() : Kernel("cumsum") {}

  py::object call(const Arguments& args, bool) const override {
    py::handle found[4];
    if (!assign_arguments(args, {"a", "axis", "dtype", "out"}, found) || !found[0]) return {};
    if (found[2] && !found[2].is_none()) return {};
    Axes axes;
    if (found[1] && !axes.read(found[1], true)) return {};
    const std::optional<Input> x = Input::plain(found[0]);
    if (!x || (x->shape().size() == 0 && !axes.all)) return {};
    const bool out = found[3] && !found[3].is_none();
    return x->dtype() == DType::float32 ? run<float>(*x, axes, out ? found[3] : py::handle())
                                        : run<double>(*x, axes, out ? found[3] : py::handle());
  }

 private:
  template <class T>
  py::object run(const Input& x, const Axes& axes, py::handle given) const {
    kept_shape(name(), x.shape(), axes);  // refuses an axis that is not there
    const View<const T> from = x.view<T>();
    const Dims shape = axes.all ? Dims{from.size()} : x.shape();
    if (given) {
      const std::optional<View<T>> view = plain_view<T>(given);
      if (!view || view->shape != shape) return {};
    }
    const Output<T> out = output<T>(name(), shape);
    without_gil(from.size(), [&] { cumsum(from, axes.all ? nullptr : axes.values.begin(), out.view); });
    if (!given) return out.array;
    copy_into(given, out.array);
    return py::reinterpret_borrow<py::object>(given);
  }
};

}  // namespace

void register_cumsum(py::module_& m) { add_function(m, std::make_unique<Cumsum>(), "cumsum"); }

}  // namespace fastnn::bindings
