#include "fastnn/ops/gru.h"

#include "fastnn/core/check.h"
#include "fastnn/kernels/math.h"
#include "fastnn/ops/recurrent_sequences.h"

namespace fastnn {
namespace {

constexpr const char* kOp = "gru";

/// Keeps the gates z, r, h behind their activations, and fourth what r met in the product with the recurrent
/// kernel: its result, or its operand r h.
template <class T>
class GruCell final : public RecurrentCell<T> {
 public:
  /// bias: of the candidate's recurrent product, or null.
  GruCell(Index n, const T* recurrent, const T* bias, bool reset_after, Index rows, bool backward)
      : RecurrentCell<T>(n, 3 * n, 4 * n, false), bias_(bias), after_(reset_after) {
    const T* candidate = recurrent + 2 * n;
    if (backward) {
      gates_.emplace(2 * n, n, recurrent, 1, 3 * n, rows);
      candidate_.emplace(n, n, candidate, 1, 3 * n, rows);
    } else {
      gates_.emplace(n, 2 * n, recurrent, 3 * n, 1, rows);
      candidate_.emplace(n, n, candidate, 3 * n, 1, rows);
    }
  }

  void forward(const RecurrentStep<T>& at, T* h, T*) const override {
    const Index n = this->units, row = 4 * n;
    gates_->multiply(at.rows, at.h, at.h_row, at.gates, row, true);
    if (after_) {
      candidate_->multiply(at.rows, at.h, at.h_row, at.gates + 3 * n, row, false, bias_);
    } else {
      each_vector<T>(at.rows, n, [&](Index i, auto v) {
        T* to = at.gates + i * row;
        const Vec<T> r = sigmoid(v.get(to + n));
        v.put(to + n, r);
        v.put(to + 3 * n, r * v.get(at.h + i * at.h_row));
      });
      candidate_->multiply(at.rows, at.gates + 3 * n, row, at.gates + 2 * n, row, true);
    }
    each_vector<T>(at.rows, n, [&](Index i, auto v) {
      T* to = at.gates + i * row;
      const Vec<T> z = sigmoid(v.get(to)), before = v.get(at.h + i * at.h_row);
      Vec<T> sum = v.get(to + 2 * n);
      if (after_) {
        const Vec<T> r = sigmoid(v.get(to + n));
        v.put(to + n, r);
        sum = fma(r, v.get(to + 3 * n), sum);
      }
      const Vec<T> candidate = tanh(sum);
      v.put(to, z);
      v.put(to + 2 * n, candidate);
      v.put(h + i * n, fma(z, before - candidate, candidate));
    });
  }

  void backward(const RecurrentStep<T>& at, const T*, const T* dh, const T*, T* dz, T* dh_before,
                T*) const override {
    const Index n = this->units, row = 4 * n;
    each_vector<T>(at.rows, n, [&](Index i, auto v) {
      const T* from = at.gates + i * row;
      T* to = dz + i * row;
      const Vec<T> z = v.get(from), r = v.get(from + n), candidate = v.get(from + 2 * n);
      const Vec<T> up = v.get(dh + i * n);
      const Vec<T> sum = up * (1 - z) * (1 - candidate * candidate);
      v.put(to, up * (v.get(at.h + i * at.h_row) - candidate) * (z * (1 - z)));
      v.put(to + 2 * n, sum);
      v.put(dh_before + i * n, up * z);
      if (after_) {
        v.put(to + n, sum * v.get(from + 3 * n) * (r * (1 - r)));
        v.put(to + 3 * n, sum * r);
      }
    });
    if (after_) {
      candidate_->multiply(at.rows, dz + 3 * n, row, dh_before, n, true);
    } else {
      candidate_->multiply(at.rows, dz + 2 * n, row, dz + 3 * n, row);
      each_vector<T>(at.rows, n, [&](Index i, auto v) {
        T* to = dz + i * row;
        const Vec<T> r = v.get(at.gates + i * row + n), up = v.get(to + 3 * n);
        v.put(to + n, up * v.get(at.h + i * at.h_row) * (r * (1 - r)));
        v.put(dh_before + i * n, fma(up, r, v.get(dh_before + i * n)));
      });
    }
    gates_->multiply(at.rows, dz, row, dh_before, n, true);
  }

 private:
  const T* bias_;
  const bool after_;
  std::optional<PackedRight<T>> gates_, candidate_;
};

}  // namespace

template <class T>
RecurrentShapes gru_shapes(const RecurrentInputs<T>& of, bool reset_after) {
  return recurrent_shapes(kOp, of, 3, 4, reset_after ? 2 : 0, false);
}

template <class T>
void gru_forward(const RecurrentInputs<T>& of, bool reset_after, const View<T>& y,
                 const RecurrentKept<T>& kept) {
  const RecurrentShapes shapes = gru_shapes(of, reset_after);
  check_shape(kOp, "y", y.shape, shapes.y);
  const ContiguousInputs<T> inputs(of);
  const Index units = shapes.units;
  const T *bias = inputs.bias(), *of_candidate = nullptr;
  Buffer<T> sums(3 * units);
  if (reset_after && bias != nullptr) {  // those of z and r add up
    for (Index i = 0; i < 3 * units; ++i) sums[i] = bias[i] + (i < 2 * units ? bias[3 * units + i] : T(0));
    of_candidate = bias + 5 * units;
    bias = sums.data();
  }
  const Sequences<T> all = inputs.sequences(bias);
  const GruCell<T> cell(units, inputs.recurrent_kernel(), of_candidate, reset_after, all.block, false);
  recurrent_forward(all, cell, bias != nullptr, pointers(kept), y.data);
}

template <class T>
void gru_backward(const RecurrentInputs<T>& of, bool reset_after, const RecurrentKept<const T>& kept,
                  const View<const T>& dy, const RecurrentGradients<T>& out) {
  const RecurrentShapes shapes = gru_shapes(of, reset_after);
  check_shape(kOp, "dy", dy.shape, shapes.y);
  const bool bias = of.bias.data != nullptr;
  const ContiguousInputs<T> inputs(of);
  const InOrder<T> up(dy);
  const Sequences<T> all = inputs.sequences(nullptr);
  const Index units = shapes.units, columns = 3 * units;
  const GruCell<T> cell(units, inputs.recurrent_kernel(), nullptr, reset_after, all.block, true);
  const Index terms = shapes.batch * shapes.time, state = shapes.features + bias;
  Buffer<T> dz(terms * 4 * units), of_x(state * columns), of_h((units + bias) * columns);
  recurrent_backward(all, cell, bias, pointers(kept), up.data(), dz.data(), out.x.data, out.h.data,
                     static_cast<T*>(nullptr));

  const WeightGradients<T> product(shapes, kept.operands.data, dz.data());
  if (out.kernel.data != nullptr || out.bias.data != nullptr) {
    product(0, state, 0, columns, of_x.data(), columns);
    if (out.kernel.data != nullptr) std::copy_n(of_x.data(), shapes.features * columns, out.kernel.data);
    if (out.bias.data != nullptr)
      std::copy_n(of_x.data() + shapes.features * columns, columns, out.bias.data);
  }
  if (out.recurrent_kernel.data == nullptr && out.bias.data == nullptr) return;
  const Index from = reset_after ? shapes.features : state, end = state + units;  // with the ones, or without
  T* h = of_h.data() + (reset_after && bias ? columns : 0);
  product(from, end, 0, 2 * units, of_h.data(), columns);
  if (reset_after) {
    product(from, end, 3 * units, units, of_h.data() + 2 * units, columns);
    if (out.bias.data != nullptr) std::copy_n(of_h.data(), columns, out.bias.data + columns);
  } else {
    gemm<T>(units, units, terms, kept.gates.data + 3 * units, 1, 4 * units, dz.data() + 2 * units, 4 * units,
            1, of_h.data() + 2 * units, columns);
  }
  if (out.recurrent_kernel.data != nullptr) std::copy_n(h, units * columns, out.recurrent_kernel.data);
}

#define FASTNN_INSTANTIATE(T)                                                                          \
  template RecurrentShapes gru_shapes(const RecurrentInputs<T>&, bool);                                \
  template void gru_forward(const RecurrentInputs<T>&, bool, const View<T>&, const RecurrentKept<T>&); \
  template void gru_backward(const RecurrentInputs<T>&, bool, const RecurrentKept<const T>&,           \
                             const View<const T>&, const RecurrentGradients<T>&);
FASTNN_INSTANTIATE(float)
FASTNN_INSTANTIATE(double)
#undef FASTNN_INSTANTIATE

}  // namespace fastnn
