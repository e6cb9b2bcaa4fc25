#include "fastnn/ops/metrics.h"

#include "array.h"

namespace fastnn::bindings {

void register_metrics(py::module_& m) {
  m.def("categorical_matches", [](py::handle y_true_object, py::handle y_pred_object) {
    const Input y_pred("categorical_matches", "y_pred", y_pred_object);
    const Input y_true("categorical_matches", "y_true", y_true_object, y_pred.dtype());
    return dispatch(y_pred.dtype(), [&](auto scalar) {
      using T = decltype(scalar);
      Index found = 0;
      without_gil(y_pred.size(), [&] { found = categorical_matches(y_true.view<T>(), y_pred.view<T>()); });
      return found;
    });
  });
  m.def("sparse_categorical_matches", [](py::handle labels_object, py::handle y_pred_object) {
    const Input y_pred("sparse_categorical_matches", "y_pred", y_pred_object);
    const IndexInput labels("sparse_categorical_matches", "labels", labels_object);
    return dispatch(y_pred.dtype(), [&](auto scalar) {
      using T = decltype(scalar);
      Index found = 0;
      without_gil(y_pred.size(),
                  [&] { found = sparse_categorical_matches(labels.view(), y_pred.view<T>()); });
      return found;
    });
  });
  m.def("binary_matches", [](py::handle y_true_object, py::handle y_pred_object, double threshold) {
    const Input y_pred("binary_matches", "y_pred", y_pred_object);
    const Input y_true("binary_matches", "y_true", y_true_object, y_pred.dtype());
    return dispatch(y_pred.dtype(), [&](auto scalar) {
      using T = decltype(scalar);
      Index found = 0;
      without_gil(y_pred.size(), [&] {
        found = binary_matches(y_true.view<T>(), y_pred.view<T>(), static_cast<T>(threshold));
      });
      return found;
    });
  });
}

}  // namespace fastnn::bindings
