#include "fastnn/ops/random.h"

#include <pybind11/stl.h>

#include <string>

#include "array.h"
#include "fastnn/core/random.h"

namespace fastnn::bindings {
namespace {

DType to_dtype(const char* op, const std::string& name) {
  if (name == "float32") return DType::float32;
  if (name == "float64") return DType::float64;
  throw py::type_error(std::string("[") + op + "] dtype must be float32 or float64; received " + name);
}

// Makes an array of the shape and type, and lets draw(view) fill it without the GIL.
template <class F>
py::object drawn(const char* op, py::handle shape, const std::string& dtype, F draw) {
  const Dims sizes = to_dims(op, shape);
  return dispatch(to_dtype(op, dtype), [&](auto scalar) -> py::object {
    Output<decltype(scalar)> out = output<decltype(scalar)>(op, sizes);
    without_gil([&] { draw(out.view); });
    return out.array;
  });
}

}  // namespace

void register_random(py::module_& m) {
  using Seed = std::uint64_t;
  m.def("philox", &philox);
  m.def("random_uniform", [](Seed seed, Seed stream, py::handle shape, const std::string& dtype) {
    return drawn("random_uniform", shape, dtype, [=](auto out) { random_uniform(seed, stream, out); });
  });
  m.def("random_normal", [](Seed seed, Seed stream, py::handle shape, const std::string& dtype) {
    return drawn("random_normal", shape, dtype, [=](auto out) { random_normal(seed, stream, out); });
  });
  m.def("random_truncated_normal", [](Seed seed, Seed stream, py::handle shape, const std::string& dtype) {
    return drawn("random_truncated_normal", shape, dtype,
                 [=](auto out) { random_truncated_normal(seed, stream, out); });
  });
  m.def("random_permutation", [](Seed seed, Seed stream, Index n) -> py::object {
    void* data;
    py::array order =
        new_array("random_permutation", py::dtype::of<std::int64_t>(), 8, Dims{n}, nullptr, &data);
    const View<std::int64_t> view(static_cast<std::int64_t*>(data), Dims{n});
    without_gil([&] { random_permutation(seed, stream, view); });
    return std::move(order);
  });
}

}  // namespace fastnn::bindings
