#include "fastnn/ops/matmul.h"

#include "array.h"
#include "direct.h"

namespace fastnn::bindings {

namespace {

py::object matmul_of(PyObject* const* args) {
  Input a("matmul", "a", args[0]), b("matmul", "b", args[1]);
  return dispatch(common_dtype(a, b), [&](auto zero) -> py::object {
    using T = decltype(zero);
    auto y = output<T>("matmul", matmul_shape(a.shape(), b.shape()));
    without_gil(y.view.size() * a.shape().back() / 16,
                [&] { matmul_forward(a.view<T>(), b.view<T>(), y.view); });
    return y.array;
  });
}

}  // namespace

void register_matmul(py::module_& m) {
  add_direct<matmul_of, 2>(m, "matmul_forward", "matmul_forward(arg0: object, arg1: object) -> object");
}

}  // namespace fastnn::bindings
