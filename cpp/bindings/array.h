// NumPy arrays in and out. Arguments come as plain handles and are converted by hand: a typed array_t
// argument costs several times the call itself.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <array>
#include <cstdint>
#include <optional>

#include "fastnn/core/view.h"

namespace fastnn::bindings {

namespace py = pybind11;

enum class DType { float32, float64, boolean, int64 };

template <class T>
constexpr DType dtype_of = std::is_same_v<T, float>    ? DType::float32
                           : std::is_same_v<T, double> ? DType::float64
                           : std::is_same_v<T, bool>   ? DType::boolean
                                                       : DType::int64;

/// Calls f(float{}) or f(double{}).
template <class F>
auto dispatch(DType dtype, F&& f) {
  return dtype == DType::float32 ? f(float{}) : f(double{});
}

/// A floating-point argument as an aligned array in native byte order, its shape and strides read.
/// Integers, booleans and float16 become float32; lists what NumPy makes of them; anything else is a
/// TypeError.
class Input {
 public:
  Input(const char* op, const char* name, py::handle object);
  /// For functions that leave all else to NumPy: nothing unless `object` is a plain ndarray of float32 or
  /// float64, aligned, in native byte order.
  static std::optional<Input> plain(py::handle object);
  /// The same, converted to `dtype` even where that is narrower: for targets and upstream gradients, which
  /// follow the prediction's type.
  Input(const char* op, const char* name, py::handle object, DType dtype) : Input(op, name, object) {
    cast(dtype);
  }
  DType dtype() const { return dtype_; }
  const Dims& shape() const { return shape_; }
  const Dims& strides() const { return strides_; }
  Index size() const {
    Index n = 1;
    for (const Index d : shape_) n *= d;
    return n;
  }
  /// The same memory as a read-only array of another shape and strides (in elements).
  py::object read_only_view(const Dims& shape, const Dims& strides) const;
  /// Converts to `dtype` where the arguments of one call differ; never from float64 to float32.
  void widen(DType dtype);
  template <class T>
  View<const T> view() const {
    return {static_cast<const T*>(data_), shape_, strides_};
  }

 private:
  Input() = default;
  void cast(DType dtype);
  py::object array_;
  DType dtype_ = DType::float32;
  const void* data_ = nullptr;
  Dims shape_, strides_;
};

/// Gives all arguments of one call the widest of their types, as NumPy does.
template <class... Inputs>
DType common_dtype(Inputs&... inputs) {
  const DType widest = ((inputs.dtype() == DType::float64) || ...) ? DType::float64 : DType::float32;
  (inputs.widen(widest), ...);
  return widest;
}

/// An argument of whole numbers (labels, positions) as int64; floating-point numbers are refused.
class IndexInput {
 public:
  IndexInput(const char* op, const char* name, py::handle object);
  const View<const std::int64_t>& view() const { return view_; }

 private:
  py::object array_;
  View<const std::int64_t> view_;
};

/// An array that the call changes in place: writeable, aligned, native float32 or float64, never a copy.
class InPlace {
 public:
  InPlace(const char* op, const char* name, py::handle object);
  DType dtype() const { return dtype_; }
  template <class T>
  View<T> view() const {
    return {static_cast<T*>(data_), shape_, strides_};
  }

 private:
  DType dtype_;
  void* data_;
  Dims shape_, strides_;
};

/// The elements of a plain, aligned ndarray of T (float, double, bool, int64) in native byte order, writeable
/// unless T is const; nothing for anything else.
template <class T>
std::optional<View<T>> plain_view(py::handle object);

/// A new array without gaps, C-contiguous unless strides (in elements) are given, and the view that a kernel
/// writes to.
template <class T>
struct Output {
  py::array array;
  View<T> view;
};
py::array new_array(const char* op, DType dtype, const Dims& shape, const Dims* strides, void** data);
/// The same for a dtype that NumPy describes.
py::array new_array(const char* op, py::handle descr, std::size_t item_size, const Dims& shape,
                    const Dims* strides, void** data);
template <class T>
Output<T> output(const char* op, const Dims& shape) {
  void* data;
  py::array array = new_array(op, dtype_of<T>, shape, nullptr, &data);
  return {std::move(array), View<T>(static_cast<T*>(data), shape)};
}
template <class T>
Output<T> output(const char* op, const Dims& shape, const Dims& strides) {
  void* data;
  py::array array = new_array(op, dtype_of<T>, shape, &strides, &data);
  return {std::move(array), View<T>(static_cast<T*>(data), shape, strides)};
}

/// Runs f without the GIL. f must not touch Python objects; what it reads is kept alive by the caller.
template <class F>
void without_gil(F&& f) {
  const py::gil_scoped_release release;
  f();
}

/// The same where there is work for it: below some thousand elements, giving up the GIL costs more than the
/// call.
template <class F>
void without_gil(Index elements, F&& f) {
  if (elements < 4096) return f();
  without_gil(f);
}
/// The shape of one value per sample: `shape` without its last dimension.
Dims sample_shape(const char* op, const Dims& shape);

/// Shape from a Python int or sequence of ints.
Dims to_dims(const char* op, py::handle shape);

}  // namespace fastnn::bindings
