#include "fastnn/ops/lstm.h"

#include "fastnn/core/check.h"
#include "fastnn/kernels/math.h"
#include "fastnn/ops/recurrent_sequences.h"

namespace fastnn {
namespace {

constexpr const char* kOp = "lstm";

/// Keeps the gates i, f, g, o behind their activations.
template <class T>
class LstmCell final : public RecurrentCell<T> {
 public:
  LstmCell(Index n, const T* recurrent, Index rows, bool backward) : RecurrentCell<T>(n, 4 * n, 4 * n, true) {
    backward ? recurrent_.emplace(4 * n, n, recurrent, 1, 4 * n, rows)
             : recurrent_.emplace(n, 4 * n, recurrent, 4 * n, 1, rows);
  }

  void forward(const RecurrentStep<T>& at, T* h, T* c) const override {
    const Index n = this->units;
    recurrent_->multiply(at.rows, at.h, at.h_row, at.gates, 4 * n, true);
    each_vector<T>(at.rows, n, [&](Index r, auto v) {
      T* z = at.gates + r * 4 * n;
      const Vec<T> i = sigmoid(v.get(z)), f = sigmoid(v.get(z + n)), g = tanh(v.get(z + 2 * n));
      const Vec<T> o = sigmoid(v.get(z + 3 * n));
      const Vec<T> carry = fma(f, v.get(at.c + r * n), i * g);
      v.put(z, i);
      v.put(z + n, f);
      v.put(z + 2 * n, g);
      v.put(z + 3 * n, o);
      v.put(c + r * n, carry);
      v.put(h + r * n, o * tanh(carry));
    });
  }

  void backward(const RecurrentStep<T>& at, const T* c, const T* dh, const T* dc, T* dz, T* dh_before,
                T* dc_before) const override {
    const Index n = this->units;
    each_vector<T>(at.rows, n, [&](Index r, auto v) {
      const T* z = at.gates + r * 4 * n;
      T* to = dz + r * 4 * n;
      const Vec<T> i = v.get(z), f = v.get(z + n), g = v.get(z + 2 * n), o = v.get(z + 3 * n);
      const Vec<T> up = v.get(dh + r * n), t = tanh(v.get(c + r * n));
      const Vec<T> carry = fma(up * o, 1 - t * t, v.get(dc + r * n));
      v.put(to, carry * g * (i * (1 - i)));
      v.put(to + n, carry * v.get(at.c + r * n) * (f * (1 - f)));
      v.put(to + 2 * n, carry * i * (1 - g * g));
      v.put(to + 3 * n, up * t * (o * (1 - o)));
      v.put(dc_before + r * n, carry * f);
    });
    recurrent_->multiply(at.rows, dz, 4 * n, dh_before, n);
  }

 private:
  std::optional<PackedRight<T>> recurrent_;
};

}  // namespace

template <class T>
RecurrentShapes lstm_shapes(const RecurrentInputs<T>& of) {
  return recurrent_shapes(kOp, of, 4, 4, 0, true);
}

template <class T>
void lstm_forward(const RecurrentInputs<T>& of, const View<T>& y, const RecurrentKept<T>& kept) {
  const RecurrentShapes shapes = lstm_shapes(of);
  check_shape(kOp, "y", y.shape, shapes.y);
  const ContiguousInputs<T> inputs(of);
  const Sequences<T> all = inputs.sequences(inputs.bias());
  const LstmCell<T> cell(shapes.units, inputs.recurrent_kernel(), all.block, false);
  recurrent_forward(all, cell, of.bias.data != nullptr, pointers(kept), y.data);
}

template <class T>
void lstm_backward(const RecurrentInputs<T>& of, const RecurrentKept<const T>& kept, const View<const T>& dy,
                   const RecurrentGradients<T>& out) {
  const RecurrentShapes shapes = lstm_shapes(of);
  check_shape(kOp, "dy", dy.shape, shapes.y);
  const bool bias = of.bias.data != nullptr;
  const ContiguousInputs<T> inputs(of);
  const InOrder<T> up(dy);
  const Sequences<T> all = inputs.sequences(nullptr);
  const LstmCell<T> cell(shapes.units, inputs.recurrent_kernel(), all.block, true);
  const Index rows = shapes.operands[2], columns = 4 * shapes.units;
  Buffer<T> dz(shapes.batch * shapes.time * columns), weights(out.any_weight() ? rows * columns : 0);
  recurrent_backward(all, cell, bias, pointers(kept), up.data(), dz.data(), out.x.data, out.h.data,
                     out.c.data);
  if (!out.any_weight()) return;
  const WeightGradients<T> product(shapes, kept.operands.data, dz.data());
  product(0, rows, 0, columns, weights.data(), columns);
  take_apart(weights.data(), columns, out, shapes.features, bias);
}

#define FASTNN_INSTANTIATE(T)                                                                     \
  template RecurrentShapes lstm_shapes(const RecurrentInputs<T>&);                                \
  template void lstm_forward(const RecurrentInputs<T>&, const View<T>&, const RecurrentKept<T>&); \
  template void lstm_backward(const RecurrentInputs<T>&, const RecurrentKept<const T>&,           \
                              const View<const T>&, const RecurrentGradients<T>&);
FASTNN_INSTANTIATE(float)
FASTNN_INSTANTIATE(double)
#undef FASTNN_INSTANTIATE

}  // namespace fastnn
