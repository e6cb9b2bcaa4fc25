// simple_rnn, lstm and gru, which take and give the same.
#include "array.h"
#include "fastnn/core/check.h"
#include "fastnn/ops/dense.h"
#include "fastnn/ops/gru.h"
#include "fastnn/ops/lstm.h"
#include "fastnn/ops/simple_rnn.h"

namespace fastnn::bindings {
namespace {

/// Which of the three, and its option: an activation's name, or reset_after.
struct SimpleRnn {
  static constexpr const char* name = "simple_rnn";
  explicit SimpleRnn(py::handle option) : activation(activation_named(name, py::cast<std::string>(option))) {}
  template <class T>
  RecurrentShapes shapes(const RecurrentInputs<T>& of) const {
    return simple_rnn_shapes(of);
  }
  template <class T>
  void forward(const RecurrentInputs<T>& of, const View<T>& y, const RecurrentKept<T>& kept) const {
    simple_rnn_forward(of, activation, y, kept);
  }
  template <class T>
  void backward(const RecurrentInputs<T>& of, const RecurrentKept<const T>& kept, const View<const T>& dy,
                const RecurrentGradients<T>& out) const {
    simple_rnn_backward(of, activation, kept, dy, out);
  }
  Activation activation;
};
struct Lstm {
  static constexpr const char* name = "lstm";
  explicit Lstm(py::handle) {}
  template <class T>
  RecurrentShapes shapes(const RecurrentInputs<T>& of) const {
    return lstm_shapes(of);
  }
  template <class T>
  void forward(const RecurrentInputs<T>& of, const View<T>& y, const RecurrentKept<T>& kept) const {
    lstm_forward(of, y, kept);
  }
  template <class T>
  void backward(const RecurrentInputs<T>& of, const RecurrentKept<const T>& kept, const View<const T>& dy,
                const RecurrentGradients<T>& out) const {
    lstm_backward(of, kept, dy, out);
  }
};
struct Gru {
  static constexpr const char* name = "gru";
  explicit Gru(py::handle option) : reset_after(py::cast<bool>(option)) {}
  template <class T>
  RecurrentShapes shapes(const RecurrentInputs<T>& of) const {
    return gru_shapes(of, reset_after);
  }
  template <class T>
  void forward(const RecurrentInputs<T>& of, const View<T>& y, const RecurrentKept<T>& kept) const {
    gru_forward(of, reset_after, y, kept);
  }
  template <class T>
  void backward(const RecurrentInputs<T>& of, const RecurrentKept<const T>& kept, const View<const T>& dy,
                const RecurrentGradients<T>& out) const {
    gru_backward(of, reset_after, kept, dy, out);
  }
  bool reset_after;
};

constexpr const char* kNames[] = {"x", "kernel", "recurrent_kernel", "bias", "h", "c"};
constexpr std::size_t kInputs = std::size(kNames);

/// All arguments, of one type.
class Arguments {
 public:
  /// given: (x, kernel, recurrent_kernel, bias, h, c, mask, go_backwards, every, state), the middle four None
  /// where there is none.
  Arguments(const char* op, const py::tuple& given) {
    check(given.size() == kInputs + 4, op, "inputs must be ", kInputs + 4, "; received ", given.size());
    for (std::size_t i = 0; i < kInputs; ++i) {
      if (i >= 3 && given[i].is_none()) continue;
      inputs_[i].emplace(op, kNames[i], given[i]);
      if (inputs_[i]->dtype() == DType::float64) dtype_ = DType::float64;
    }
    for (std::optional<Input>& input : inputs_) {
      if (input) input->widen(dtype_);
    }
    if (!given[kInputs].is_none()) {
      mask_ = py::array_t<bool, py::array::c_style | py::array::forcecast>::ensure(given[kInputs]);
      if (!mask_) throw py::error_already_set();
    }
    go_backwards_ = py::cast<bool>(given[kInputs + 1]);
    every_ = py::cast<bool>(given[kInputs + 2]);
    state_ = py::cast<bool>(given[kInputs + 3]);
  }
  DType dtype() const { return dtype_; }
  Index work() const { return inputs_[0]->size() * 16; }
  const Dims& shape(std::size_t i) const { return inputs_[i]->shape(); }
  template <class T>
  RecurrentInputs<T> views() const {
    const auto view = [](const std::optional<Input>& input) {
      return input ? input->view<T>() : View<const T>();
    };
    View<const bool> mask;
    if (mask_) {
      Dims shape;
      for (py::ssize_t i = 0; i < mask_.ndim(); ++i) shape.push_back(mask_.shape(i));
      mask = View<const bool>(static_cast<const bool*>(mask_.data()), shape);
    }
    return {view(inputs_[0]),
            view(inputs_[1]),
            view(inputs_[2]),
            view(inputs_[3]),
            view(inputs_[4]),
            view(inputs_[5]),
            mask,
            go_backwards_,
            every_,
            state_};
  }

 private:
  std::optional<Input> inputs_[kInputs];
  py::array mask_{py::reinterpret_steal<py::array>(nullptr)};
  DType dtype_ = DType::float32;
  bool go_backwards_, every_, state_;
};

/// The outputs, and what backward is to be given where it is to be kept, else None.
template <class Kind>
py::tuple forward(const py::tuple& inputs, py::handle option, bool keep) {
  const Kind kind(option);
  const Arguments args(Kind::name, inputs);
  return dispatch(args.dtype(), [&](auto zero) -> py::tuple {
    using T = decltype(zero);
    const RecurrentInputs<T> of = args.views<T>();
    const RecurrentShapes shapes = kind.shapes(of);
    Output<T> y = output<T>(Kind::name, shapes.y);
    RecurrentKept<T> kept;
    py::object arrays = py::none();
    if (keep) {
      Output<T> operands = output<T>(Kind::name, shapes.operands),
                gates = output<T>(Kind::name, shapes.gates);
      kept = {operands.view, gates.view, {}};
      py::object last = py::none();
      if (shapes.cells.size() > 0) {
        Output<T> cells = output<T>(Kind::name, shapes.cells);
        kept.cells = cells.view;
        last = cells.array;
      }
      arrays = py::make_tuple(operands.array, gates.array, last);
    }
    without_gil(args.work(), [&] { kind.forward(of, y.view, kept); });
    return py::make_tuple(y.array, arrays);
  });
}

template <class Kind>
py::tuple backward(const py::tuple& inputs, py::handle option, const py::tuple& kept_arrays,
                   py::handle dy_object, const py::tuple& needs) {
  const Kind kind(option);
  const Arguments args(Kind::name, inputs);
  return dispatch(args.dtype(), [&](auto zero) -> py::tuple {
    using T = decltype(zero);
    const RecurrentInputs<T> of = args.views<T>();
    const RecurrentShapes shapes = kind.shapes(of);
    const Input dy(Kind::name, "dy", dy_object, args.dtype());
    const Dims expected[] = {shapes.operands, shapes.gates, shapes.cells};
    RecurrentKept<const T> kept;
    View<const T>* const places[] = {&kept.operands, &kept.gates, &kept.cells};
    for (std::size_t i = 0; i < 3 && expected[i].size() > 0; ++i) {
      const std::optional<View<const T>> view = plain_view<const T>(kept_arrays[i]);
      check(view && view->shape == expected[i] && (view->size() == 0 || view->is_contiguous()), Kind::name,
            "backward needs what forward kept");
      *places[i] = *view;
    }
    RecurrentGradients<T> out;
    View<T>* const wanted[] = {&out.x, &out.kernel, &out.recurrent_kernel, &out.bias, &out.h, &out.c};
    py::tuple result(kInputs);
    for (std::size_t i = 0; i < kInputs; ++i) {
      result[i] = py::none();
      if (i >= needs.size() || !py::cast<bool>(needs[i])) continue;
      Output<T> gradient = output<T>(Kind::name, args.shape(i));
      *wanted[i] = gradient.view;
      result[i] = gradient.array;
    }
    without_gil(args.work(), [&] { kind.backward(of, kept, dy.view<T>(), out); });
    return result;
  });
}

template <class Kind>
void add(py::module_& m) {
  m.def((std::string(Kind::name) + "_forward").c_str(), &forward<Kind>);
  m.def((std::string(Kind::name) + "_backward").c_str(), &backward<Kind>);
}

}  // namespace

void register_recurrent(py::module_& m) {
  add<SimpleRnn>(m);
  add<Lstm>(m);
  add<Gru>(m);
}

}  // namespace fastnn::bindings
