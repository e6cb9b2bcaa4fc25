#include "fastnn/ops/simple_rnn.h"

#include "fastnn/core/check.h"
#include "fastnn/kernels/activation.h"
#include "fastnn/ops/recurrent_sequences.h"

namespace fastnn {
namespace {

constexpr const char* kOp = "simple_rnn";

/// Keeps its outputs.
template <class T>
class SimpleCell final : public RecurrentCell<T> {
 public:
  SimpleCell(Index n, const T* recurrent, Activation activation, Index rows, bool backward)
      : RecurrentCell<T>(n, n, n, false), activation_(activation) {
    backward ? recurrent_.emplace(n, n, recurrent, 1, n, rows)
             : recurrent_.emplace(n, n, recurrent, n, 1, rows);
  }

  void forward(const RecurrentStep<T>& at, T* h, T*) const override {
    const Index n = this->units;
    recurrent_->multiply(at.rows, at.h, at.h_row, at.gates, n, true);
    parallel_for(at.rows, 4096 / n + 1, [&](Index begin, Index end) {
      activation_forward(activation_, (end - begin) * n, at.gates + begin * n, at.gates + begin * n);
      std::copy(at.gates + begin * n, at.gates + end * n, h + begin * n);
    });
  }

  void backward(const RecurrentStep<T>& at, const T*, const T* dh, const T*, T* dz, T* dh_before,
                T*) const override {
    const Index n = this->units;
    parallel_for(at.rows, 4096 / n + 1, [&](Index begin, Index end) {
      activation_backward(activation_, (end - begin) * n, at.gates + begin * n, dh + begin * n,
                          dz + begin * n);
    });
    recurrent_->multiply(at.rows, dz, n, dh_before, n);
  }

 private:
  const Activation activation_;
  std::optional<PackedRight<T>> recurrent_;
};

}  // namespace

template <class T>
RecurrentShapes simple_rnn_shapes(const RecurrentInputs<T>& of) {
  return recurrent_shapes(kOp, of, 1, 1, 0, false);
}

template <class T>
void simple_rnn_forward(const RecurrentInputs<T>& of, Activation activation, const View<T>& y,
                        const RecurrentKept<T>& kept) {
  const RecurrentShapes shapes = simple_rnn_shapes(of);
  check_shape(kOp, "y", y.shape, shapes.y);
  const ContiguousInputs<T> inputs(of);
  const Sequences<T> all = inputs.sequences(inputs.bias());
  const SimpleCell<T> cell(shapes.units, inputs.recurrent_kernel(), activation, all.block, false);
  recurrent_forward(all, cell, of.bias.data != nullptr, pointers(kept), y.data);
}

template <class T>
void simple_rnn_backward(const RecurrentInputs<T>& of, Activation activation,
                         const RecurrentKept<const T>& kept, const View<const T>& dy,
                         const RecurrentGradients<T>& out) {
  const RecurrentShapes shapes = simple_rnn_shapes(of);
  check_shape(kOp, "dy", dy.shape, shapes.y);
  const bool bias = of.bias.data != nullptr;
  const ContiguousInputs<T> inputs(of);
  const InOrder<T> up(dy);
  const Sequences<T> all = inputs.sequences(nullptr);
  const SimpleCell<T> cell(shapes.units, inputs.recurrent_kernel(), activation, all.block, true);
  const Index rows = shapes.operands[2], columns = shapes.units;
  Buffer<T> dz(shapes.batch * shapes.time * columns), weights(out.any_weight() ? rows * columns : 0);
  recurrent_backward(all, cell, bias, pointers(kept), up.data(), dz.data(), out.x.data, out.h.data,
                     static_cast<T*>(nullptr));
  if (!out.any_weight()) return;
  const WeightGradients<T> product(shapes, kept.operands.data, dz.data());
  product(0, rows, 0, columns, weights.data(), columns);
  take_apart(weights.data(), columns, out, shapes.features, bias);
}

#define FASTNN_INSTANTIATE(T)                                                                             \
  template RecurrentShapes simple_rnn_shapes(const RecurrentInputs<T>&);                                  \
  template void simple_rnn_forward(const RecurrentInputs<T>&, Activation, const View<T>&,                 \
                                   const RecurrentKept<T>&);                                              \
  template void simple_rnn_backward(const RecurrentInputs<T>&, Activation, const RecurrentKept<const T>&, \
                                    const View<const T>&, const RecurrentGradients<T>&);
FASTNN_INSTANTIATE(float)
FASTNN_INSTANTIATE(double)
#undef FASTNN_INSTANTIATE

}  // namespace fastnn
