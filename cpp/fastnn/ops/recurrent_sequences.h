// From the views of a recurrent op to contiguous memory and back: what the ops share and do not show.
#pragma once

#include <algorithm>
#include <optional>

#include "fastnn/kernels/contiguous.h"
#include "fastnn/kernels/gemm.h"
#include "fastnn/kernels/recurrent.h"
#include "fastnn/ops/recurrent.h"

namespace fastnn {

/// The inputs of an op, copied where they have gaps or another order.
template <class T>
class ContiguousInputs {
 public:
  explicit ContiguousInputs(const RecurrentInputs<T>& of)
      : of_(of), x_(of.x), kernel_(of.kernel), recurrent_(of.recurrent_kernel) {
    if (of.bias.data != nullptr) bias_.emplace(of.bias);
    if (of.h.data != nullptr) h_.emplace(of.h);
    if (of.c.data != nullptr) c_.emplace(of.c);
    if (of.mask.data != nullptr) mask_.emplace(of.mask);
  }
  const T* recurrent_kernel() const { return recurrent_.data(); }
  const T* bias() const { return bias_ ? bias_->data() : nullptr; }

  /// `bias`: one value per column of the kernel.
  Sequences<T> sequences(const T* bias) const {
    const Dims &x = of_.x.shape, &recurrent = of_.recurrent_kernel.shape;
    return {x[0],
            x[1],
            x[2],
            x_.data(),
            kernel_.data(),
            bias,
            h_ ? h_->data() : nullptr,
            c_ ? c_->data() : nullptr,
            mask_ ? mask_->data() : nullptr,
            of_.go_backwards,
            of_.every,
            of_.state,
            recurrent_block(x[0], recurrent[0] * recurrent[1] * static_cast<Index>(sizeof(T)))};
  }

 private:
  const RecurrentInputs<T>& of_;
  const InOrder<T> x_, kernel_, recurrent_;
  std::optional<InOrder<T>> bias_, h_, c_;
  std::optional<InOrder<bool>> mask_;
};

template <class T>
KeptSteps<T> pointers(const RecurrentKept<T>& kept) {
  return {kept.operands.data, kept.gates.data, kept.cells.data};
}

/// Gradients of the kernels and the bias: products of operands and dz over all rows and steps.
template <class T>
class WeightGradients {
 public:
  WeightGradients(const RecurrentShapes& shapes, const T* operands, const T* dz)
      : terms_(shapes.batch * shapes.time),
        row_(shapes.operands[2]),
        width_(shapes.gates[2]),
        operands_(operands),
        dz_(dz) {}

  /// out (to - from rows) = the sum over terms of operands[from:to]^T dz[column:column + columns].
  void operator()(Index from, Index to, Index column, Index columns, T* out, Index out_row) const {
    gemm<T>(to - from, columns, terms_, operands_ + from, 1, row_, dz_ + column, width_, 1, out, out_row);
  }

 private:
  const Index terms_, row_, width_;
  const T *operands_, *dz_;
};

/// The gradients of kernel, bias and recurrent kernel as they lie below each other in one product.
template <class T>
void take_apart(const T* from, Index columns, const RecurrentGradients<T>& to, Index features, bool bias) {
  if (to.kernel.data != nullptr) std::copy_n(from, features * columns, to.kernel.data);
  from += features * columns;
  if (to.bias.data != nullptr) std::copy_n(from, columns, to.bias.data);
  from += bias ? columns : 0;
  if (to.recurrent_kernel.data != nullptr) {
    std::copy_n(from, to.recurrent_kernel.size(), to.recurrent_kernel.data);
  }
}

}  // namespace fastnn
