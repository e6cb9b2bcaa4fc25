// Reductions as Python sees them: NumPy's signatures, axes, `keepdims`, `out`.
#pragma once

#include <cstdint>
#include <iterator>

#include "fastnn/core/shape.h"
#include "fastnn/ops/reduction.h"
#include "function.h"
#include "out.h"

namespace fastnn::bindings {

/// The axes of a call: none means all.
struct Axes {
  bool all = true;
  Dims values;

  /// False for what is neither None nor an int nor, unless `one`, a tuple of ints.
  bool read(py::handle object, bool one);
};

/// The shape of the result with the reduced dimensions of size 1. Raises NumPy's AxisError for a dimension
/// that x does not have.
Dims kept_shape(const char* op, const Dims& shape, const Axes& axes);
/// Sizes or strides without those of the reduced dimensions.
Dims without_axes(const Dims& dims, const Axes& axes);

/// What else a reduction may be told.
struct ReduceOptions {
  double ddof = 0;
  const Axes* axes = nullptr;
};

// The signatures of NumPy's functions. What has no name here leads to NumPy.
struct Signature {
  static constexpr int kDtype = -1, kOut = -1, kDdof = -1, kCorrection = -1;
  static constexpr bool kOneAxis = false;
};
struct SumSignature : Signature {
  static constexpr const char* kNames[] = {"a", "axis", "dtype", "out", "keepdims", "initial", "where"};
  static constexpr int kDtype = 2, kOut = 3, kKeepdims = 4, kPositional = 7;
};
struct MeanSignature : SumSignature {
  static constexpr const char* kNames[] = {"a", "axis", "dtype", "out", "keepdims", "where"};
  static constexpr int kPositional = 5;
};
struct MaxSignature : Signature {
  static constexpr const char* kNames[] = {"a", "axis", "out", "keepdims", "initial", "where"};
  static constexpr int kOut = 2, kKeepdims = 3, kPositional = 6;
};
struct AnySignature : MaxSignature {
  static constexpr const char* kNames[] = {"a", "axis", "out", "keepdims", "where"};
  static constexpr int kPositional = 4;
};
struct ArgmaxSignature : Signature {
  static constexpr const char* kNames[] = {"a", "axis", "out", "keepdims"};
  static constexpr int kOut = 2, kKeepdims = 3, kPositional = 3;
  static constexpr bool kOneAxis = true;
};
struct VarSignature : Signature {
  static constexpr const char* kNames[] = {"a",        "axis",  "dtype", "out",       "ddof",
                                           "keepdims", "where", "mean",  "correction"};
  static constexpr int kDtype = 2, kOut = 3, kDdof = 4, kKeepdims = 5, kCorrection = 8, kPositional = 6;
};
/// Of functions that NumPy lacks.
struct OwnSignature : Signature {
  static constexpr const char* kNames[] = {"x", "axis", "keepdims"};
  static constexpr int kKeepdims = 2, kPositional = 3;
};

// The type of the result.
template <class T>
using SameType = T;
template <class T>
using Truth = bool;
template <class T>
using Position = std::int64_t;

/// F is a function object f(x, out, options), out being in the shape of x with reduced dimensions of size 1.
template <class S, template <class> class Out, class F>
class Reduction final : public Kernel {
  static constexpr std::size_t kCount = std::size(S::kNames);

 public:
  Reduction(const char* name, F f) : Kernel(name), f_(f) {}

  py::object call(const Arguments& args, bool strict) const override {
    py::handle found[kCount];
    if (args.positional > S::kPositional || !assign_arguments(args, S::kNames, found)) return {};
    Axes axes;
    ReduceOptions options{0, &axes};
    bool keepdims = false;
    for (int i = 1; i < static_cast<int>(kCount); ++i) {
      if (!found[i]) continue;
      const py::handle value = found[i];
      if (i == 1) {
        if (!axes.read(value, S::kOneAxis)) return {};
      } else if (i == S::kKeepdims) {
        if (!PyBool_Check(value.ptr())) return {};
        keepdims = value.ptr() == Py_True;
      } else if (i == S::kDdof || i == S::kCorrection) {
        if (!read_ddof(value, found, options)) return {};
      } else if (!(i == S::kOut || (i == S::kDtype && value.is_none()))) {
        return {};
      }
    }
    if (!found[0]) return {};
    std::optional<Input> x = Input::plain(found[0]);
    if (!x) {
      if (!strict) return {};
      x.emplace(name(), "x", found[0]);
    }
    if (x->shape().size() == 0 && !axes.all && !strict) return {};  // NumPy lets it have an axis here
    py::handle out;
    if constexpr (S::kOut >= 0) out = found[S::kOut];
    if (out && out.is_none()) out = py::handle();
    return x->dtype() == DType::float32 ? run<float>(*x, options, keepdims, out)
                                        : run<double>(*x, options, keepdims, out);
  }

 private:
  static bool read_ddof(py::handle value, const py::handle* found, ReduceOptions& options) {
    if constexpr (S::kDdof >= 0) {
      if (found[S::kDdof] && found[S::kCorrection]) return false;
    }
    if (PyFloat_CheckExact(value.ptr())) {
      options.ddof = PyFloat_AS_DOUBLE(value.ptr());
      return true;
    }
    if (!PyLong_CheckExact(value.ptr())) return false;
    options.ddof = PyLong_AsDouble(value.ptr());
    if (!PyErr_Occurred()) return true;
    PyErr_Clear();
    return false;
  }

  template <class T>
  py::object run(const Input& x, const ReduceOptions& options, bool keepdims, py::handle given) const {
    using To = Out<T>;
    const Dims kept = kept_shape(name(), x.shape(), *options.axes);
    const Dims shape = keepdims ? kept : without_axes(kept, *options.axes);
    if (given) {
      const std::optional<View<To>> view = plain_view<To>(given);
      if (!view || view->shape != shape) return {};
    }
    const View<const T> from = x.view<T>();
    // In x's memory order, as NumPy has it; but positions are in C order.
    Dims steps = View<To>(nullptr, kept).strides;
    if (!S::kOneAxis && !from.is_contiguous()) steps = strides_like(kept, &from.strides, 1);
    const Output<To> out = output<To>(name(), shape, keepdims ? steps : without_axes(steps, *options.axes));
    const View<To> to(out.view.data, kept, steps);
    without_gil(from.size(), [&] { f_(from, to, options); });
    if (!given) return out.array;
    copy_into(given, out.array);  // which may overlap x
    return py::reinterpret_borrow<py::object>(given);
  }

  F f_;
};

template <class S, template <class> class Out = SameType, class F>
void add_reduction(py::module_& m, const char* name, const char* numpy_name, F f) {
  add_function(m, std::make_unique<Reduction<S, Out, F>>(name, f), numpy_name);
}

}  // namespace fastnn::bindings
