#include "array.h"

#include <new>
#include <string>

#include "fastnn/core/buffer.h"
#include "fastnn/core/check.h"

namespace fastnn::bindings {
namespace {

using py::detail::npy_api;

// Bytes up to which an output lies in memory of NumPy's.
constexpr std::size_t kSmall = 4096;

struct Descriptors {
  PyObject* of[4];  // by DType
};

const Descriptors& descriptors() {
  static const Descriptors all = [] {
    const npy_api& api = npy_api::get();
    return Descriptors{
        {api.PyArray_DescrFromType_(npy_api::NPY_FLOAT32_), api.PyArray_DescrFromType_(npy_api::NPY_FLOAT64_),
         api.PyArray_DescrFromType_(npy_api::NPY_BOOL_), api.PyArray_DescrFromType_(npy_api::NPY_INT64_)}};
  }();
  return all;
}

PyObject* descriptor(DType dtype) { return descriptors().of[static_cast<int>(dtype)]; }

Index size_of(DType dtype) {
  constexpr Index sizes[] = {4, 8, 1, 8};
  return sizes[static_cast<int>(dtype)];
}

Dims in_bytes(const Dims& strides, Index item_size) {
  Dims bytes;
  for (const Index stride : strides) bytes.push_back(stride * item_size);
  return bytes;
}

bool is_array(py::handle object) { return npy_api::get().PyArray_Check_(object.ptr()); }

/// An ndarray, and of no subclass.
bool is_plain(py::handle object) { return Py_TYPE(object.ptr()) == npy_api::get().PyArray_Type_; }

// float32 or float64 in this processor's byte order. Not by the descriptor's address: an unpickled array, or
// a type with metadata, has a descriptor of its own.
std::optional<DType> native_float(const PyObject* descr) {
  const auto* proxy = py::detail::array_descriptor_proxy(descr);
  if (proxy->byteorder != '=') return std::nullopt;
  if (proxy->type_num == npy_api::NPY_FLOAT_) return DType::float32;
  if (proxy->type_num == npy_api::NPY_DOUBLE_) return DType::float64;
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
  std::optional<DType> type = native_float(proxy->descr);
  if (!type || !is_aligned(proxy)) {
    const py::dtype dtype = py::reinterpret_borrow<py::dtype>(proxy->descr);
    const char kind = dtype.kind();
    if ((kind != 'f' && kind != 'i' && kind != 'u' && kind != 'b') || (kind == 'f' && dtype.itemsize() > 8)) {
      throw py::type_error(describe(op, name) +
                           " must hold real numbers (float32 or float64); received dtype " +
                           py::str(dtype).cast<std::string>());
    }
    type = kind == 'f' && dtype.itemsize() == 8 ? DType::float64 : DType::float32;
    array = as_array(op, name, array, descriptor(*type),
                     npy_api::NPY_ARRAY_ALIGNED_ | npy_api::NPY_ARRAY_FORCECAST_);
  }
  dtype_ = *type;
  data_ = py::detail::array_proxy(array.ptr())->data;
  read_layout(op, name, array.ptr(), size_of(dtype_), shape_, strides_);
  array_ = std::move(array);
}

std::optional<Input> Input::plain(py::handle object) {
  if (!is_plain(object)) return std::nullopt;
  const auto* proxy = py::detail::array_proxy(object.ptr());
  const std::optional<DType> type = native_float(proxy->descr);
  if (!type || !is_aligned(proxy) || proxy->nd > kMaxDims) return std::nullopt;
  Input input;
  input.dtype_ = *type;
  input.data_ = proxy->data;
  read_layout("", "", object.ptr(), size_of(*type), input.shape_, input.strides_);
  input.array_ = py::reinterpret_borrow<py::object>(object);
  return input;
}

template <class T>
std::optional<View<T>> plain_view(py::handle object) {
  if (!is_plain(object)) return std::nullopt;
  constexpr DType type = dtype_of<std::remove_const_t<T>>;
  const auto* proxy = py::detail::array_proxy(object.ptr());
  const auto* descr = py::detail::array_descriptor_proxy(proxy->descr);
  const auto* wanted = py::detail::array_descriptor_proxy(descriptor(type));
  const bool may_write = std::is_const_v<T> || (proxy->flags & npy_api::NPY_ARRAY_WRITEABLE_) != 0;
  if (descr->type_num != wanted->type_num || descr->byteorder != wanted->byteorder || !is_aligned(proxy) ||
      proxy->nd > kMaxDims || !may_write) {
    return std::nullopt;
  }
  View<T> view;
  view.data = reinterpret_cast<T*>(proxy->data);
  read_layout("", "", object.ptr(), size_of(type), view.shape, view.strides);
  return view;
}
template std::optional<View<float>> plain_view(py::handle);
template std::optional<View<double>> plain_view(py::handle);
template std::optional<View<bool>> plain_view(py::handle);
template std::optional<View<std::int64_t>> plain_view(py::handle);
template std::optional<View<const bool>> plain_view(py::handle);
template std::optional<View<const float>> plain_view(py::handle);
template std::optional<View<const double>> plain_view(py::handle);

void Input::widen(DType dtype) {
  if (dtype == DType::float64) cast(dtype);
}

void Input::cast(DType dtype) {
  if (dtype == dtype_) return;
  array_ = as_array("cast", "argument", array_, descriptor(dtype),
                    npy_api::NPY_ARRAY_ALIGNED_ | npy_api::NPY_ARRAY_FORCECAST_);
  dtype_ = dtype;
  data_ = py::detail::array_proxy(array_.ptr())->data;
  read_layout("cast", "argument", array_.ptr(), size_of(dtype), shape_, strides_);
}

py::object Input::read_only_view(const Dims& shape, const Dims& strides) const {
  const npy_api& api = npy_api::get();
  PyObject* descr = descriptor(dtype_);
  Py_INCREF(descr);  // NewFromDescr takes the reference
  const Dims steps = in_bytes(strides, size_of(dtype_));
  PyObject* array = api.PyArray_NewFromDescr_(api.PyArray_Type_, descr, shape.size(), shape.begin(),
                                              steps.begin(), const_cast<void*>(data_), 0, nullptr);
  if (array == nullptr) throw py::error_already_set();
  api.PyArray_SetBaseObject_(array, py::object(array_).release().ptr());  // takes the reference
  return py::reinterpret_steal<py::object>(array);
}

IndexInput::IndexInput(const char* op, const char* name, py::handle object)
    : array_(is_array(object) ? py::reinterpret_borrow<py::object>(object)
                              : as_array(op, name, object, nullptr)) {
  const auto* proxy = py::detail::array_proxy(array_.ptr());
  if (proxy->descr != descriptor(DType::int64) || !is_aligned(proxy)) {
    const py::dtype dtype = py::reinterpret_borrow<py::dtype>(proxy->descr);
    const char kind = dtype.kind();
    const bool fits = kind == 'i' || kind == 'b' || (kind == 'u' && dtype.itemsize() < 8);
    if (!fits) {
      throw py::type_error(describe(op, name) + " must hold integers; received dtype " +
                           py::str(dtype).cast<std::string>());
    }
    array_ = as_array(op, name, array_, descriptor(DType::int64),
                      npy_api::NPY_ARRAY_ALIGNED_ | npy_api::NPY_ARRAY_FORCECAST_);
  }
  view_.data = reinterpret_cast<const std::int64_t*>(py::detail::array_proxy(array_.ptr())->data);
  read_layout(op, name, array_.ptr(), 8, view_.shape, view_.strides);
}

InPlace::InPlace(const char* op, const char* name, py::handle object) {
  const auto* proxy = is_array(object) ? py::detail::array_proxy(object.ptr()) : nullptr;
  const std::optional<DType> type = proxy == nullptr ? std::nullopt : native_float(proxy->descr);
  if (!type || !is_aligned(proxy)) {
    throw py::type_error(describe(op, name) +
                         " must be an aligned float32 or float64 ndarray in native byte order");
  }
  check((proxy->flags & npy_api::NPY_ARRAY_WRITEABLE_) != 0, op, name, " is read-only");
  dtype_ = *type;
  data_ = proxy->data;
  read_layout(op, name, object.ptr(), size_of(dtype_), shape_, strides_);
}

py::array new_array(const char* op, DType dtype, const Dims& shape, const Dims* strides, void** data) {
  return new_array(op, descriptor(dtype), static_cast<std::size_t>(size_of(dtype)), shape, strides, data);
}

py::array new_array(const char* op, py::handle descr, std::size_t item_size, const Dims& shape,
                    const Dims* strides, void** data) {
  const std::size_t bytes = static_cast<std::size_t>(checked_size(op, shape, item_size)) * item_size;
  const npy_api& api = npy_api::get();
  const Dims steps = strides == nullptr ? Dims() : in_bytes(*strides, static_cast<Index>(item_size));
  // NumPy's own memory serves small arrays faster: no capsule, no lock.
  void* memory = nullptr;
  if (bytes > kSmall) {
    try {
      memory = buffer_allocate(bytes);
    } catch (const std::bad_alloc&) {
      PyErr_Format(PyExc_MemoryError, "[%s] cannot allocate %zu bytes for an array of shape %s", op, bytes,
                   to_string(shape).c_str());
      throw py::error_already_set();
    }
  }
  descr.inc_ref();  // NewFromDescr takes the reference
  PyObject* array = api.PyArray_NewFromDescr_(
      api.PyArray_Type_, descr.ptr(), shape.size(), shape.begin(),
      strides == nullptr ? nullptr : steps.begin(), memory,
      memory == nullptr ? 0 : npy_api::NPY_ARRAY_ALIGNED_ | npy_api::NPY_ARRAY_WRITEABLE_, nullptr);
  if (array == nullptr) {
    buffer_release(memory, bytes);
    throw py::error_already_set();
  }
  py::array result = py::reinterpret_steal<py::array>(array);
  *data = py::detail::array_proxy(array)->data;
  if (memory == nullptr) return result;
  PyObject* owner = PyCapsule_New(memory, nullptr, [](PyObject* capsule) {
    buffer_release(PyCapsule_GetPointer(capsule, nullptr),
                   reinterpret_cast<std::size_t>(PyCapsule_GetContext(capsule)));
  });
  if (owner == nullptr) {
    buffer_release(memory, bytes);
    throw py::error_already_set();
  }
  PyCapsule_SetContext(owner, reinterpret_cast<void*>(bytes));
  api.PyArray_SetBaseObject_(array, owner);  // takes the reference
  return result;
}

Dims sample_shape(const char* op, const Dims& shape) {
  check(shape.size() >= 1, op, "the prediction must have at least one dimension; received shape ", shape);
  Dims outer = shape;
  outer.pop_back();
  return outer;
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
