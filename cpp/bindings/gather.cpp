#include "fastnn/ops/gather.h"

#include <string>

#include "array.h"
#include "fastnn/core/check.h"

namespace fastnn::bindings {
namespace {

constexpr const char* kOp = "gather";

// An array of any type as it lies in memory.
struct AnyArray {
  py::array array;
  py::dtype dtype;
  char kind;
  py::ssize_t item_size;
  // Native byte order, aligned, and strides that count whole elements.
  bool plain;
  Dims shape, strides;

  explicit AnyArray(py::handle object)
      : array(py::array::ensure(object)),
        dtype(array ? array.dtype() : throw py::error_already_set()),
        kind(dtype.kind()),
        item_size(dtype.itemsize()) {
    check(array.ndim() <= kMaxDims, kOp, "x must have at most ", kMaxDims, " dimensions; received ",
          array.ndim());
    const char order = dtype.byteorder();
    plain = (order == '=' || order == '|') && item_size > 0 &&
            (py::detail::array_proxy(array.ptr())->flags & py::detail::npy_api::NPY_ARRAY_ALIGNED_) != 0;
    for (int i = 0; i < array.ndim(); ++i) {
      shape.push_back(array.shape(i));
      strides.push_back(plain ? array.strides(i) / item_size : 0);
      plain = plain && array.strides(i) % item_size == 0;
    }
  }
  template <class T>
  View<const T> view() const {
    return {static_cast<const T*>(array.data()), shape, strides};
  }
};

template <class To, class From>
void run(const AnyArray& x, const IndexInput& indices, void* out) {
  const View<To> view(static_cast<To*>(out), gather_shape(x.shape, indices.view().shape));
  without_gil(view.size(), [&] { gather<From, To>(x.view<From>(), indices.view(), view); });
}

// Rows in x's own type: the bits are copied, whatever they mean. False where the type has no such size.
bool copy_rows(const AnyArray& x, const IndexInput& indices, void* out) {
  switch (x.item_size) {
    case 1:
      return run<std::uint8_t, std::uint8_t>(x, indices, out), true;
    case 2:
      return run<std::uint16_t, std::uint16_t>(x, indices, out), true;
    case 4:
      return run<std::uint32_t, std::uint32_t>(x, indices, out), true;
    case 8:
      return run<std::uint64_t, std::uint64_t>(x, indices, out), true;
    default:
      return false;
  }
}

template <class To>
bool cast_rows(const AnyArray& x, const IndexInput& indices, void* out) {
  switch (x.kind * 16 + x.item_size) {
    case 'b' * 16 + 1:
    case 'u' * 16 + 1:
      return run<To, std::uint8_t>(x, indices, out), true;
    case 'u' * 16 + 2:
      return run<To, std::uint16_t>(x, indices, out), true;
    case 'u' * 16 + 4:
      return run<To, std::uint32_t>(x, indices, out), true;
    case 'u' * 16 + 8:
      return run<To, std::uint64_t>(x, indices, out), true;
    case 'i' * 16 + 1:
      return run<To, std::int8_t>(x, indices, out), true;
    case 'i' * 16 + 2:
      return run<To, std::int16_t>(x, indices, out), true;
    case 'i' * 16 + 4:
      return run<To, std::int32_t>(x, indices, out), true;
    case 'i' * 16 + 8:
      return run<To, std::int64_t>(x, indices, out), true;
    case 'f' * 16 + 4:
      return run<To, float>(x, indices, out), true;
    case 'f' * 16 + 8:
      return run<To, double>(x, indices, out), true;
    default:
      return false;
  }
}

std::string name_of(const py::dtype& dtype) { return py::str(dtype).cast<std::string>(); }

py::object gather_rows(py::handle x_object, py::handle indices_object, py::handle dtype) {
  const AnyArray x(x_object);
  if (x.kind == 'O') throw py::type_error("[gather] x must not hold Python objects");
  const py::array positions = py::array::ensure(indices_object);
  if (!positions) throw py::error_already_set();
  if (positions.dtype().kind() == 'b') {
    throw py::type_error("[gather] indices must be positions; received booleans");
  }
  const IndexInput indices(kOp, "indices", positions);
  const Dims shape = gather_shape(x.shape, indices.view().shape);
  const py::dtype to =
      dtype.is_none() ? x.dtype : py::dtype::from_args(py::reinterpret_borrow<py::object>(dtype));
  const bool same = to.equal(x.dtype);
  if (!same && (to.kind() != 'f' || to.byteorder() != '=' || to.itemsize() < 4 || to.itemsize() > 8)) {
    throw py::type_error("[gather] dtype must be float32, float64 or None; received " + name_of(to));
  }
  if (!same && x.kind != 'b' && x.kind != 'u' && x.kind != 'i' && x.kind != 'f') {
    throw py::type_error("[gather] x must hold real numbers to become " + name_of(to) + "; received dtype " +
                         name_of(x.dtype));
  }
  if (x.plain) {
    void* out;
    py::array rows = new_array(kOp, to, static_cast<std::size_t>(to.itemsize()), shape, nullptr, &out);
    const bool done = same                 ? copy_rows(x, indices, out)
                      : to.itemsize() == 4 ? cast_rows<float>(x, indices, out)
                                           : cast_rows<double>(x, indices, out);
    if (done) return std::move(rows);
  }
  // float16, complex128, foreign byte order and the like: NumPy gathers, then converts the rows alone.
  check_indices(indices.view(), x.shape[0]);
  return x.array.attr("take")(positions, 0).attr("astype")(to, py::arg("copy") = false);
}

}  // namespace

void register_gather(py::module_& m) {
  m.def("gather", &gather_rows, py::arg("x"), py::arg("indices"), py::arg("dtype") = py::none());
}

}  // namespace fastnn::bindings
