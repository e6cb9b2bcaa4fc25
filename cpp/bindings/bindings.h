// The list of what module.cpp registers: one function per stem.
#pragma once

#include <pybind11/pybind11.h>

namespace fastnn::bindings {

void register_activation(pybind11::module_& m);
void register_arithmetic(pybind11::module_& m);
void register_config(pybind11::module_& m);
void register_reduction(pybind11::module_& m);

}  // namespace fastnn::bindings
