// Element-wise functions as Python sees them: broadcasting, NumPy's types and memory order, `out`.
#pragma once

#include "function.h"

namespace fastnn::bindings {

/// One native function for each type: out = f(x), f(a, b), f(a, b, c). Out is T or bool.
template <class Out, class... In>
using Loop = void (*)(const View<const In>&..., const View<Out>&);

/// NumPy has these functions under `numpy_name`; null where it does not.
void add_unary(py::module_& m, const char* name, Loop<float, float> narrow, Loop<double, double> wide,
               const char* numpy_name);
void add_binary(py::module_& m, const char* name, Loop<float, float, float> narrow,
                Loop<double, double, double> wide, const char* numpy_name);
void add_ternary(py::module_& m, const char* name, Loop<float, float, float, float> narrow,
                 Loop<double, double, double, double> wide, const char* numpy_name);
void add_test(py::module_& m, const char* name, Loop<bool, float> narrow, Loop<bool, double> wide,
              const char* numpy_name);
void add_comparison(py::module_& m, const char* name, Loop<bool, float, float> narrow,
                    Loop<bool, double, double> wide, const char* numpy_name);

}  // namespace fastnn::bindings
