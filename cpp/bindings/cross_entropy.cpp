#include "fastnn/ops/cross_entropy.h"

#include "array.h"
#include "fastnn/core/check.h"

namespace fastnn::bindings {
namespace {

constexpr const char* kCategorical = "categorical_crossentropy";
constexpr const char* kSparse = "sparse_categorical_crossentropy";

py::object categorical_forward(py::handle target_object, py::handle output_object, bool from_logits) {
  const Input prediction(kCategorical, "output", output_object);
  const Input target(kCategorical, "target", target_object, prediction.dtype());
  return dispatch(prediction.dtype(), [&](auto scalar) {
    using T = decltype(scalar);
    Output<T> losses = output<T>(kCategorical, sample_shape(kCategorical, prediction.shape()));
    without_gil(prediction.size(), [&] {
      categorical_crossentropy_forward(target.view<T>(), prediction.view<T>(), from_logits, losses.view);
    });
    return losses.array;
  });
}

py::object categorical_backward(py::handle target_object, py::handle output_object, py::handle dy_object,
                                bool from_logits) {
  const Input prediction(kCategorical, "output", output_object);
  const Input target(kCategorical, "target", target_object, prediction.dtype());
  const Input dy(kCategorical, "dy", dy_object, prediction.dtype());
  return dispatch(prediction.dtype(), [&](auto scalar) {
    using T = decltype(scalar);
    Output<T> dx = output<T>(kCategorical, prediction.shape());
    without_gil(prediction.size(), [&] {
      categorical_crossentropy_backward(target.view<T>(), prediction.view<T>(), dy.view<T>(), from_logits,
                                        dx.view);
    });
    return dx.array;
  });
}

py::object softmax_categorical_backward(py::handle target_object, py::handle y_object, py::handle dy_object) {
  const Input y(kCategorical, "y", y_object);
  const Input target(kCategorical, "target", target_object, y.dtype());
  const Input dy(kCategorical, "dy", dy_object, y.dtype());
  return dispatch(y.dtype(), [&](auto scalar) {
    using T = decltype(scalar);
    Output<T> dx = output<T>(kCategorical, y.shape());
    without_gil(y.size(), [&] {
      softmax_categorical_crossentropy_backward(target.view<T>(), y.view<T>(), dy.view<T>(), dx.view);
    });
    return dx.array;
  });
}

py::object sparse_forward(py::handle labels_object, py::handle output_object, bool from_logits) {
  const Input prediction(kSparse, "output", output_object);
  const IndexInput labels(kSparse, "labels", labels_object);
  return dispatch(prediction.dtype(), [&](auto scalar) {
    using T = decltype(scalar);
    Output<T> losses = output<T>(kSparse, sample_shape(kSparse, prediction.shape()));
    without_gil(prediction.size(), [&] {
      sparse_categorical_crossentropy_forward(labels.view(), prediction.view<T>(), from_logits, losses.view);
    });
    return losses.array;
  });
}

py::object sparse_backward(py::handle labels_object, py::handle output_object, py::handle dy_object,
                           bool from_logits) {
  const Input prediction(kSparse, "output", output_object);
  const Input dy(kSparse, "dy", dy_object, prediction.dtype());
  const IndexInput labels(kSparse, "labels", labels_object);
  return dispatch(prediction.dtype(), [&](auto scalar) {
    using T = decltype(scalar);
    Output<T> dx = output<T>(kSparse, prediction.shape());
    without_gil(prediction.size(), [&] {
      sparse_categorical_crossentropy_backward(labels.view(), prediction.view<T>(), dy.view<T>(), from_logits,
                                               dx.view);
    });
    return dx.array;
  });
}

py::object softmax_sparse_backward(py::handle labels_object, py::handle y_object, py::handle dy_object) {
  const Input y(kSparse, "y", y_object);
  const Input dy(kSparse, "dy", dy_object, y.dtype());
  const IndexInput labels(kSparse, "labels", labels_object);
  return dispatch(y.dtype(), [&](auto scalar) {
    using T = decltype(scalar);
    Output<T> dx = output<T>(kSparse, y.shape());
    without_gil(y.size(), [&] {
      softmax_sparse_categorical_crossentropy_backward(labels.view(), y.view<T>(), dy.view<T>(), dx.view);
    });
    return dx.array;
  });
}

}  // namespace

void register_cross_entropy(py::module_& m) {
  m.def("categorical_crossentropy_forward", &categorical_forward);
  m.def("categorical_crossentropy_backward", &categorical_backward);
  m.def("softmax_categorical_crossentropy_backward", &softmax_categorical_backward);
  m.def("sparse_categorical_crossentropy_forward", &sparse_forward);
  m.def("sparse_categorical_crossentropy_backward", &sparse_backward);
  m.def("softmax_sparse_categorical_crossentropy_backward", &softmax_sparse_backward);
  m.def("labels_fit", [](py::handle labels, Index classes) {
    return labels_fit(IndexInput("labels_fit", "labels", labels).view(), classes);
  });
}

}  // namespace fastnn::bindings
