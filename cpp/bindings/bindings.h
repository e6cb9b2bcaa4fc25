// The list of what module.cpp registers: one function per stem.
#pragma once

#include <pybind11/pybind11.h>

namespace fastnn::bindings {

void register_config(pybind11::module_& m);
void register_gather(pybind11::module_& m);

}  // namespace fastnn::bindings
