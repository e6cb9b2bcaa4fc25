#include "operands.h"

namespace fastnn::bindings {
namespace {

using py::detail::npy_api;

PyTypeObject* scalar_type(int number) {
  return reinterpret_cast<PyTypeObject*>(npy_api::get().PyArray_TypeObjectFromType_(number));
}

}  // namespace

void Operand::read(py::handle object) {
  static PyTypeObject* const float32 = scalar_type(npy_api::NPY_FLOAT32_);
  static PyTypeObject* const float64 = scalar_type(npy_api::NPY_FLOAT64_);
  PyTypeObject* type = Py_TYPE(object.ptr());
  if (type == npy_api::get().PyArray_Type_) {
    array_ = Input::plain(object);
  } else if (type == &PyFloat_Type || type == float64) {
    number_ = PyFloat_AS_DOUBLE(object.ptr());
    is_number_ = true;
    is_wide_ = type == float64;
  } else if (type == &PyLong_Type) {
    number_ = PyLong_AsDouble(object.ptr());
    is_number_ = !PyErr_Occurred();
    if (!is_number_) PyErr_Clear();  // too large for a double: NumPy says so
  } else if (type == float32) {
    number_ = PyFloat_AsDouble(object.ptr());
    is_number_ = true;
  }
}

}  // namespace fastnn::bindings
