#include "fastnn/ops/matmul.h"

#include "array.h"
#include "bindings.h"

namespace fastnn::bindings {

void register_matmul(py::module_& m) {
  m.def("matmul_forward", [](py::handle a_, py::handle b_) {
    Input a("matmul", "a", a_), b("matmul", "b", b_);
    return dispatch(common_dtype(a, b), [&](auto zero) -> py::object {
      using T = decltype(zero);
      auto y = output<T>("matmul", matmul_shape(a.shape(), b.shape()));
      without_gil(y.view.size() * a.shape().back() / 16,
                  [&] { matmul_forward(a.view<T>(), b.view<T>(), y.view); });
      return y.array;
    });
  });
}

}  // namespace fastnn::bindings
