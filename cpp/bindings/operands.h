// The operands of an element-wise function, and the type that it computes in.
#pragma once

#include "array.h"

namespace fastnn::bindings {

/// An array, or a number. A Python number takes the type of the arrays, as in NumPy 2; a NumPy scalar keeps
/// its own.
class Operand {
 public:
  void read(py::handle object);
  /// Makes an array of whatever it is; see Input.
  void convert(const char* op, const char* name, py::handle object) { array_ = Input(op, name, object); }

  bool known() const { return is_number_ || array_; }
  bool is_number() const { return is_number_; }
  /// Whether the number is of a type that makes float64 of an array of float32.
  bool is_wide() const { return is_wide_; }
  Input& array() { return *array_; }

  template <class T>
  View<const T> view(T& storage) const {
    if (array_) return array_->view<T>();
    storage = static_cast<T>(number_);
    return View<const T>(&storage, Dims());
  }

 private:
  std::optional<Input> array_;
  double number_ = 0;
  bool is_number_ = false, is_wide_ = false;
};

template <int N>
class Operands {
 public:
  /// False where these operands are for NumPy; `strict` converts them, or refuses.
  bool read(const char* op, PyObject* const* values, bool strict) {
    bool any_array = false;
    for (int k = 0; k < N; ++k) {
      operands_[k].read(values[k]);
      if (!operands_[k].known()) {
        if (!strict) return false;
        operands_[k].convert(op, kNames[N - 1][k], values[k]);
      }
      if (operands_[k].is_number()) continue;
      const DType its = operands_[k].array().dtype();
      if (any_array && dtype_ != its && !strict) return false;
      if (!any_array || its == DType::float64) dtype_ = its;
      any_array = true;
    }
    if (!any_array && !strict) return false;
    for (Operand& operand : operands_) {
      if (!operand.is_number()) {
        operand.array().widen(dtype_);
      } else if (operand.is_wide() && dtype_ == DType::float32 && !strict) {
        return false;
      }
    }
    return true;
  }

  DType dtype() const { return dtype_; }

  template <class T>
  View<const T> view(int k, T& storage) const {
    return operands_[k].template view<T>(storage);
  }

 private:
  static constexpr const char* kNames[3][3] = {{"x"}, {"x1", "x2"}, {"x", "x2", "x3"}};
  Operand operands_[N];
  DType dtype_ = DType::float64;  // of Python's own numbers
};

}  // namespace fastnn::bindings
