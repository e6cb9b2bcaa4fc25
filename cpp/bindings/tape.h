// What native functions need to know of the tape: tensors are for the ops.
#pragma once

#include "function.h"

namespace fastnn::bindings {

/// Whether a tensor is among the arguments.
bool any_tensor(const Arguments& args);

/// Calls the op of this name instead of a native function.
py::object call_tensor_function(const char* name, const Arguments& args);

}  // namespace fastnn::bindings
