#include "fastnn/ops/dense.h"

#include <algorithm>
#include <iterator>
#include <memory>

#include "fastnn/core/buffer.h"
#include "fastnn/core/check.h"
#include "fastnn/core/shape.h"
#include "fastnn/kernels/activation.h"
#include "fastnn/kernels/gemm.h"

namespace fastnn {
namespace {

constexpr const char* kOp = "dense";

/// An array (..., columns) seen as a matrix; copied only where its leading dimensions cannot be walked with
/// one stride, or where contiguous rows are asked for.
template <class T>
class Rows {
 public:
  Rows(const View<const T>& x, bool contiguous) : data(x.data), columns(x.shape.back()) {
    rows = 1;
    for (int i = 0; i + 1 < x.ndim(); ++i) rows *= x.shape[i];
    Dims shape = x.shape, strides = x.strides;
    shape.pop_back();
    strides.pop_back();
    collapse(shape, &strides, 1);
    col = x.strides.back();
    row = shape.size() == 0 ? columns : strides[0];
    if (shape.size() > 1 || (contiguous && !x.is_contiguous())) copy(x.data, shape, strides);
  }

  const T* data;
  Index rows, columns, row, col;

 private:
  void copy(const T* from, const Dims& shape, const Dims& strides) {
    if (rows * columns == 0) return;
    copy_ = std::make_unique<Buffer<T>>(rows * columns);
    T* to = copy_->data();
    Dims at = shape;
    std::fill(&at[0], &at[0] + at.size(), Index{0});
    for (Index i = 0; i < rows; ++i) {
      for (Index j = 0; j < columns; ++j) *to++ = from[j * col];
      for (int d = shape.size() - 1; d >= 0; --d) {  // the next row
        from += strides[d];
        if (++at[d] < shape[d]) break;
        from -= at[d] * strides[d];
        at[d] = 0;
      }
    }
    data = copy_->data();
    row = columns;
    col = 1;
  }

  std::unique_ptr<Buffer<T>> copy_;
};

}  // namespace

Activation activation_named(const char* op, const std::string& name) {
  static constexpr const char* names[] = {"linear", "relu", "sigmoid", "tanh"};  // in the order of Activation
  const auto* found = std::find(std::begin(names), std::end(names), name);
  check(found != std::end(names), op,
        "activation must be one of 'linear', 'relu', 'sigmoid', 'tanh'; received '", name, "'");
  return static_cast<Activation>(found - names);
}

Dims dense_shape(const Dims& x, const Dims& kernel) {
  check(x.size() >= 1, kOp, "x must have at least one dimension; received shape ", x);
  check(kernel.size() == 2, kOp, "kernel must have two dimensions (in, units); received shape ", kernel);
  check(x.back() == kernel[0], kOp, "x.shape[-1] must equal kernel.shape[0]; received x ", x, ", kernel ",
        kernel);
  Dims shape = x;
  shape.back() = kernel[1];
  return shape;
}

template <class T>
void dense_forward(const View<const T>& x, const View<const T>& kernel, const View<const T>* bias,
                   Activation activation, const View<T>& y) {
  check_shape(kOp, "y", y.shape, dense_shape(x.shape, kernel.shape));
  const Index in = kernel.shape[0], units = kernel.shape[1];
  if (bias != nullptr) check_shape(kOp, "bias", bias->shape, {units});
  const Rows<T> a(x, false);
  Epilogue<T> epilogue{nullptr, activation};
  std::unique_ptr<Rows<T>> line;
  if (bias != nullptr) {
    line = std::make_unique<Rows<T>>(*bias, true);
    epilogue.bias = line->data;
  }
  gemm<T>(a.rows, units, in, a.data, a.row, a.col, kernel.data, kernel.strides[0], kernel.strides[1], y.data,
          units, epilogue);
}

template <class T>
void dense_backward(const View<const T>& x, const View<const T>& kernel, const View<const T>& y,
                    const View<const T>& dy, Activation activation, const View<T>* dx, const View<T>* dkernel,
                    const View<T>* dbias) {
  const Index in = kernel.shape[0], units = kernel.shape[1];
  const Dims shape = dense_shape(x.shape, kernel.shape);
  check_shape(kOp, "y", y.shape, shape);
  check_shape(kOp, "dy", dy.shape, shape);
  const Rows<T> up(dy, true);
  const T* dz = up.data;
  Buffer<T> own(activation != Activation::linear ? up.rows * units : 0);
  if (activation != Activation::linear || dbias != nullptr) {
    const Rows<T> out(y, true);
    activation_and_bias_backward(activation, up.rows, units, out.data, up.data, own.data(),
                                 dbias != nullptr ? dbias->data : nullptr);
    if (activation != Activation::linear) dz = own.data();
  }
  if (dkernel != nullptr) {
    const Rows<T> a(x, false);
    gemm<T>(in, units, a.rows, a.data, a.col, a.row, dz, units, 1, dkernel->data, units);
  }
  if (dx != nullptr) {
    gemm<T>(up.rows, in, units, dz, units, 1, kernel.data, kernel.strides[1], kernel.strides[0], dx->data,
            in);
  }
}

#define FASTNN_INSTANTIATE(T)                                                                               \
  template void dense_forward(const View<const T>&, const View<const T>&, const View<const T>*, Activation, \
                              const View<T>&);                                                              \
  template void dense_backward(const View<const T>&, const View<const T>&, const View<const T>&,            \
                               const View<const T>&, Activation, const View<T>*, const View<T>*,            \
                               const View<T>*);
FASTNN_INSTANTIATE(float)
FASTNN_INSTANTIATE(double)
#undef FASTNN_INSTANTIATE

}  // namespace fastnn
