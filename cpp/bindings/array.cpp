#include "array.h"

#include <string>

#include "fastnn/core/buffer.h"
#include "fastnn/core/check.h"

namespace fastnn::bindings {
namespace {

using py::detail::npy_api;

// The descriptors of most native-order arrays are singletons: comparing addresses tells type and byte order
// at once. Unpickled arrays have equal descriptors of their own.
struct Descriptors {
  PyObject* float32;
  PyObject* float64;
  PyObject* int64;
};

const Descriptors& descriptors() {
  static const Descriptors all = [] {
    const npy_api& api = npy_api::get();
    return Descriptors{api.PyArray_DescrFromType_(npy_api::NPY_FLOAT32_),
                       api.PyArray_DescrFromType_(npy_api::NPY_FLOAT64_),
                       api.PyArray_DescrFromType_(npy_api::NPY_INT64_)};
  }();
  return all;
}

bool is_array(py::handle object) { return npy_api::get().PyArray_Check_(object.ptr()); }

std::optional<DType> native_dtype(PyObject* descr) {
  const Descriptors& native = descriptors();
  if (descr == native.float32) return DType::float32;
  if (descr == native.float64) return DType::float64;
  const npy_api& api = npy_api::get();
  if (api.PyArray_EquivTypes_(descr, native.float32)) return DType::float32;
  if (api.PyArray_EquivTypes_(descr, native.float64)) return DType::float64;
  return std::nullopt;
}

bool is_aligned(const py::detail::PyArray_Proxy* array) {
  return (array->flags & npy_api::NPY_ARRAY_ALIGNED_) != 0;
}

std::string describe(const char* op, const char* name) { return std::string("[") + op + "] " + name; }

py::object as_array(const char* op, const char* name, py::handle object, PyObject* descr, int flags = 0) {
  Py_XINCREF(descr);  // FromAny takes the reference
  PyObject* array = npy_api::get().PyArray_FromAny_(object.ptr(), descr, 0, 0, flags, nullptr);
  if (array == nullptr) {
    py::raise_from(PyExc_TypeError, (describe(op, name) + " could not be turned into an array").c_str());
    throw py::error_already_set();
  }
  return py::reinterpret_steal<py::object>(array);
}

void read_layout(const char* op, const char* name, PyObject* object, Index item_size, Dims& shape,
                 Dims& strides) {
  const auto* array = py::detail::array_proxy(object);
  check(array->nd <= kMaxDims, op, name, " must have at most ", kMaxDims, " dimensions; received ",
        array->nd);
  shape = strides = Dims();
  for (int i = 0; i < array->nd; ++i) {
    shape.push_back(array->dimensions[i]);
    strides.push_back(array->strides[i] / item_size);
  }
}

}  // namespace

Input::Input(const char* op, const char* name, py::handle object) {
  py::object array =
      is_array(object) ? py::reinterpret_borrow<py::object>(object) : as_array(op, name, object, nullptr);
  const auto* proxy = py::detail::array_proxy(array.ptr());
  std::optional<DType> known = native_dtype(proxy->descr);
  if (!known || !is_aligned(proxy)) {
    const py::dtype dtype = py::reinterpret_borrow<py::dtype>(proxy->descr);
    const char kind = dtype.kind();
    if ((kind != 'f' && kind != 'i' && kind != 'u' && kind != 'b') || (kind == 'f' && dtype.itemsize() > 8)) {
      throw py::type_error(describe(op, name) +
                           " must hold real numbers (float32 or float64); received dtype " +
                           py::str(dtype).cast<std::string>());
    }
    known = kind == 'f' && dtype.itemsize() == 8 ? DType::float64 : DType::float32;
    array = as_array(op, name, array, known == DType::float64 ? descriptors().float64 : descriptors().float32,
                     npy_api::NPY_ARRAY_ALIGNED_ | npy_api::NPY_ARRAY_FORCECAST_);
  }
  dtype_ = *known;
  data_ = py::detail::array_proxy(array.ptr())->data;
  read_layout(op, name, array.ptr(), dtype_ == DType::float32 ? 4 : 8, shape_, strides_);
  array_ = std::move(array);
}

void Input::widen(DType dtype) {
  if (dtype == dtype_) return;
  array_ = as_array("widen", "argument", array_, descriptors().float64, npy_api::NPY_ARRAY_ALIGNED_);
  dtype_ = DType::float64;
  data_ = py::detail::array_proxy(array_.ptr())->data;
  read_layout("widen", "argument", array_.ptr(), 8, shape_, strides_);
}

IndexInput::IndexInput(const char* op, const char* name, py::handle object)
    : array_(is_array(object) ? py::reinterpret_borrow<py::object>(object)
                              : as_array(op, name, object, nullptr)) {
  const auto* proxy = py::detail::array_proxy(array_.ptr());
  if (proxy->descr != descriptors().int64 || !is_aligned(proxy)) {
    const py::dtype dtype = py::reinterpret_borrow<py::dtype>(proxy->descr);
    const char kind = dtype.kind();
    const bool fits = kind == 'i' || kind == 'b' || (kind == 'u' && dtype.itemsize() < 8);
    if (!fits) {
      throw py::type_error(describe(op, name) + " must hold integers; received dtype " +
                           py::str(dtype).cast<std::string>());
    }
    array_ = as_array(op, name, array_, descriptors().int64,
                      npy_api::NPY_ARRAY_ALIGNED_ | npy_api::NPY_ARRAY_FORCECAST_);
  }
  view_.data = reinterpret_cast<const std::int64_t*>(py::detail::array_proxy(array_.ptr())->data);
  read_layout(op, name, array_.ptr(), 8, view_.shape, view_.strides);
}

InPlace::InPlace(const char* op, const char* name, py::handle object) {
  const auto* proxy = is_array(object) ? py::detail::array_proxy(object.ptr()) : nullptr;
  const std::optional<DType> dtype = proxy == nullptr ? std::nullopt : native_dtype(proxy->descr);
  if (!dtype || !is_aligned(proxy)) {
    throw py::type_error(describe(op, name) +
                         " must be an aligned float32 or float64 ndarray in native byte order");
  }
  check((proxy->flags & npy_api::NPY_ARRAY_WRITEABLE_) != 0, op, name, " is read-only");
  dtype_ = *dtype;
  data_ = proxy->data;
  read_layout(op, name, object.ptr(), dtype_ == DType::float32 ? 4 : 8, shape_, strides_);
}

py::array new_array(const char* op, DType dtype, const Dims& shape, void** data) {
  const std::size_t item_size = dtype == DType::float32 ? 4 : 8;
  const std::size_t bytes = static_cast<std::size_t>(checked_size(op, shape, item_size)) * item_size;
  void* memory = buffer_allocate(bytes);
  PyObject* owner = PyCapsule_New(memory, nullptr, [](PyObject* capsule) {
    buffer_release(PyCapsule_GetPointer(capsule, nullptr),
                   reinterpret_cast<std::size_t>(PyCapsule_GetContext(capsule)));
  });
  if (owner == nullptr) {
    buffer_release(memory, bytes);
    throw py::error_already_set();
  }
  PyCapsule_SetContext(owner, reinterpret_cast<void*>(bytes));
  const npy_api& api = npy_api::get();
  PyObject* descr = dtype == DType::float32 ? descriptors().float32 : descriptors().float64;
  Py_INCREF(descr);  // NewFromDescr takes the reference
  const int flags =
      npy_api::NPY_ARRAY_C_CONTIGUOUS_ | npy_api::NPY_ARRAY_ALIGNED_ | npy_api::NPY_ARRAY_WRITEABLE_;
  PyObject* array = api.PyArray_NewFromDescr_(api.PyArray_Type_, descr, shape.size(), shape.begin(), nullptr,
                                              memory, flags, nullptr);
  if (array == nullptr) {
    Py_DECREF(owner);
    throw py::error_already_set();
  }
  api.PyArray_SetBaseObject_(array, owner);  // takes the reference
  *data = memory;
  return py::reinterpret_steal<py::array>(array);
}

Dims to_dims(const char* op, py::handle shape) {
  Dims dims;
  if (PyIndex_Check(shape.ptr())) {
    dims.push_back(py::cast<Index>(shape));
    return dims;
  }
  for (const py::handle size : py::cast<py::sequence>(shape)) {
    check(dims.size() < kMaxDims, op, "shape must have at most ", kMaxDims, " dimensions");
    dims.push_back(py::cast<Index>(size));
  }
  return dims;
}

}  // namespace fastnn::bindings
