// The argument `out`: an array that is given for the result.
#pragma once

#include "fastnn/core/shape.h"
#include "function.h"

namespace fastnn::bindings {

/// Reads `out`, which comes after `count` arguments or by name, null where there is none; false if there are
/// other arguments.
bool split_out(const Arguments& args, Py_ssize_t count, py::handle& out);

void copy_into(py::handle to, py::handle from);

template <class T>
struct Extent {
  const char* begin;
  const char* end;
  explicit Extent(const View<T>& x) {
    Index low = 0, high = 0;
    for (int i = 0; i < x.ndim(); ++i) {
      const Index reach = x.strides[i] * (x.shape[i] - 1);
      (reach < 0 ? low : high) += reach;
    }
    begin = reinterpret_cast<const char*>(x.data + low);
    end = x.size() == 0 ? begin : reinterpret_cast<const char*>(x.data + high + 1);
  }
};

/// Whether two arrays share memory, or may.
template <class T, class Out>
bool overlaps(const View<Out>& out, const View<const T>& x) {
  const Extent<Out> written(out);
  const Extent<const T> read(x);
  return written.begin < read.end && read.begin < written.end;
}

/// Whether writing out[i] may change another element of x than x[i].
template <class T, class Out>
bool disturbs(const View<Out>& out, const View<const T>& x) {
  const bool same = static_cast<const void*>(out.data) == x.data && out.shape == x.shape &&
                    out.strides == x.strides && sizeof(Out) == sizeof(T);
  return !same && overlaps(out, x);
}

/// Whether an array fills its memory, its dimensions in any order.
template <class T>
bool without_gaps(const View<T>& x) {
  if (x.is_contiguous()) return true;
  const Dims strides = strides_like(x.shape, &x.strides, 1);
  for (int i = 0; i < x.ndim(); ++i) {
    if (x.shape[i] > 1 && strides[i] != x.strides[i]) return false;
  }
  return true;
}

/// write(view) into `given`, where direct(view) lets it, otherwise into a new array (C-contiguous unless
/// strides are given), which is then copied into `given`. Nothing where `given` is not of this type and
/// shape.
template <class Out, class Direct, class Write>
py::object write_out(const char* op, const Dims& shape, const Dims* strides, py::handle given, Direct direct,
                     Write write) {
  if (given) {
    const std::optional<View<Out>> out = plain_view<Out>(given);
    if (!out || out->shape != shape) return {};
    if (direct(*out)) {
      write(*out);
      return py::reinterpret_borrow<py::object>(given);
    }
  }
  const Output<Out> out = strides == nullptr ? output<Out>(op, shape) : output<Out>(op, shape, *strides);
  write(out.view);
  if (!given) return out.array;
  copy_into(given, out.array);
  return py::reinterpret_borrow<py::object>(given);
}

}  // namespace fastnn::bindings
