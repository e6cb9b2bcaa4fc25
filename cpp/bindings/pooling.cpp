#include "fastnn/ops/pooling.h"

#include "array.h"
#include "fastnn/core/check.h"

namespace fastnn::bindings {
namespace {

/// The windows over x (shape given), from what Python was called with.
struct Layout {
  Layout(const char* op, const Dims& x, py::handle size, py::handle strides, const std::string& padding,
         bool channels_first)
      : windows(pooling_windows(op, x, to_dims(op, size), strides.is_none() ? Dims() : to_dims(op, strides),
                                padding, channels_first)),
        shape(pooled_shape(windows, x, channels_first)) {}
  Windows windows;
  Dims shape;  // of the result
};

template <class P>
py::object positions_array(const char* op, const Dims& shape, P** data) {
  void* memory;
  py::array array = new_array(op, py::dtype::of<P>(), sizeof(P), shape, nullptr, &memory);
  *data = static_cast<P*>(memory);
  return std::move(array);
}

py::tuple max_forward(py::handle x_, py::handle size, py::handle strides, const std::string& padding,
                      bool channels_first, bool need_positions) {
  const char* op = "max_pool";
  const Input x(op, "x", x_);
  const Layout layout(op, x.shape(), size, strides, padding, channels_first);
  return dispatch(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    Output<T> y = output<T>(op, layout.shape);
    const auto run = [&](auto position) -> py::tuple {
      decltype(position)* positions = nullptr;
      py::object array = py::none();
      if (need_positions) array = positions_array(op, layout.shape, &positions);
      without_gil(x.size(), [&] { max_pool_forward(layout.windows, x.view<T>(), y.view, positions); });
      return py::make_tuple(y.array, array);
    };
    return positions_in_bytes(layout.windows) ? run(std::uint8_t{}) : run(std::int32_t{});
  });
}

/// `x` is the shape of what was pooled, `positions` what max_forward gave.
py::object max_backward(py::handle dy_, py::handle positions_, py::handle x, py::handle size,
                        py::handle strides, const std::string& padding, bool channels_first) {
  const char* op = "max_pool";
  const Input dy(op, "dy", dy_);
  const Dims shape = to_dims(op, x);
  const Layout layout(op, shape, size, strides, padding, channels_first);
  check_shape(op, "dy", dy.shape(), layout.shape);
  return dispatch(dy.dtype(), [&](auto zero) -> py::object {
    using T = decltype(zero);
    Output<T> dx = output<T>(op, shape);
    const auto run = [&](auto position) {
      using P = decltype(position);
      const auto positions = py::array_t<P, py::array::c_style>::ensure(positions_);
      check(positions && positions.size() == dy.size(), op, "positions must be those of the forward call");
      const P* data = positions.data();
      without_gil(dx.view.size(), [&] { max_pool_backward(layout.windows, dy.view<T>(), data, dx.view); });
    };
    positions_in_bytes(layout.windows) ? run(std::uint8_t{}) : run(std::int32_t{});
    return dx.array;
  });
}

py::object average_forward(py::handle x_, py::handle size, py::handle strides, const std::string& padding,
                           bool channels_first) {
  const char* op = "average_pool";
  const Input x(op, "x", x_);
  const Layout layout(op, x.shape(), size, strides, padding, channels_first);
  return dispatch(x.dtype(), [&](auto zero) -> py::object {
    using T = decltype(zero);
    Output<T> y = output<T>(op, layout.shape);
    without_gil(x.size(), [&] { average_pool_forward(layout.windows, x.view<T>(), y.view); });
    return y.array;
  });
}

/// `x` is the shape of what was pooled.
py::object average_backward(py::handle dy_, py::handle x, py::handle size, py::handle strides,
                            const std::string& padding, bool channels_first) {
  const char* op = "average_pool";
  const Input dy(op, "dy", dy_);
  const Dims shape = to_dims(op, x);
  const Layout layout(op, shape, size, strides, padding, channels_first);
  check_shape(op, "dy", dy.shape(), layout.shape);
  return dispatch(dy.dtype(), [&](auto zero) -> py::object {
    using T = decltype(zero);
    Output<T> dx = output<T>(op, shape);
    without_gil(dx.view.size(), [&] { average_pool_backward(layout.windows, dy.view<T>(), dx.view); });
    return dx.array;
  });
}

}  // namespace

void register_pooling(py::module_& m) {
  m.def("max_pool_forward", &max_forward);
  m.def("max_pool_backward", &max_backward);
  m.def("average_pool_forward", &average_forward);
  m.def("average_pool_backward", &average_backward);
}

}  // namespace fastnn::bindings
