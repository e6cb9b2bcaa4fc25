#include "fastnn/ops/arithmetic.h"

#include "array.h"
#include "bindings.h"
#include "fastnn/core/shape.h"

namespace fastnn::bindings {
namespace {

/// One side of a + b. A Python number takes the type of the other side, as in NumPy 2; a NumPy scalar is an
/// array of its own type.
class Number {
 public:
  Number(const char* op, const char* name, py::handle object) {
    if (PyFloat_CheckExact(object.ptr())) {
      value_ = PyFloat_AS_DOUBLE(object.ptr());
      weak_ = true;
    } else if (PyLong_CheckExact(object.ptr())) {
      value_ = PyLong_AsDouble(object.ptr());
      weak_ = !PyErr_Occurred();
      if (!weak_) PyErr_Clear();  // too large for a double: NumPy says so
    } else {
      array_ = Input::floating(op, name, object);
    }
  }
  bool weak() const { return weak_; }
  explicit operator bool() const { return weak_ || array_; }
  Input& array() { return *array_; }
  template <class T>
  View<const T> view(T& storage) const {
    if (!weak_) return array_->view<T>();
    storage = static_cast<T>(value_);
    return View<const T>(&storage, Dims());
  }

 private:
  std::optional<Input> array_;
  double value_ = 0;
  bool weak_ = false;
};

template <class T>
using Binary = void (*)(const View<const T>&, const View<const T>&, const View<T>&);

py::object binary(const char* op, Binary<float> narrow, Binary<double> wide, py::handle x1, py::handle x2) {
  Number a(op, "x1", x1), b(op, "x2", x2);
  if (!a || !b || (a.weak() && b.weak())) return py::reinterpret_borrow<py::object>(Py_NotImplemented);
  const DType dtype = a.weak()   ? b.array().dtype()
                      : b.weak() ? a.array().dtype()
                                 : common_dtype(a.array(), b.array());
  return dispatch(dtype, [&](auto zero) -> py::object {
    using T = decltype(zero);
    T storage_a, storage_b;
    const View<const T> va = a.view<T>(storage_a), vb = b.view<T>(storage_b);
    const Dims shape = broadcast_shape(op, va.shape, vb.shape);
    // The result lies in memory as the operand that has its shape does.
    const View<const T>& model = va.shape == shape ? va : vb;
    const Output<T> out = model.shape == shape && !model.is_contiguous()
                              ? output<T>(op, shape, strides_like(shape, model.strides))
                              : output<T>(op, shape);
    without_gil(out.view.size(), [&] {
      if constexpr (std::is_same_v<T, float>) {
        narrow(va, vb, out.view);
      } else {
        wide(va, vb, out.view);
      }
    });
    return out.array;
  });
}

}  // namespace

void register_arithmetic(py::module_& m) {
  m.def("add", [](py::handle x1, py::handle x2) { return binary("add", add, add, x1, x2); });
  m.def("subtract",
        [](py::handle x1, py::handle x2) { return binary("subtract", subtract, subtract, x1, x2); });
  m.def("multiply",
        [](py::handle x1, py::handle x2) { return binary("multiply", multiply, multiply, x1, x2); });
  m.def("divide", [](py::handle x1, py::handle x2) { return binary("divide", divide, divide, x1, x2); });
  m.def("negative", [](py::handle object) -> py::object {
    const std::optional<Input> x = Input::floating("negative", "x", object);
    if (!x) return py::reinterpret_borrow<py::object>(Py_NotImplemented);
    return dispatch(x->dtype(), [&](auto zero) -> py::object {
      using T = decltype(zero);
      const View<const T> view = x->view<T>();
      const Output<T> out = output<T>("negative", view.shape, strides_like(view.shape, view.strides));
      without_gil(view.size(), [&] { negative<T>(view, out.view); });
      return out.array;
    });
  });
}

}  // namespace fastnn::bindings
