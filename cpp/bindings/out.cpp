#include "out.h"

namespace fastnn::bindings {

bool split_out(const Arguments& args, Py_ssize_t count, py::handle& out) {
  if (args.positional == count && args.keywords() == 1) {
    if (PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(args.names, 0), "out") != 0) return false;
    out = args[count];
  } else if (args.positional == count + 1 && args.keywords() == 0) {
    out = args[count];
  } else if (args.positional != count || args.keywords() != 0) {
    return false;
  }
  if (out && out.is_none()) out = py::handle();
  return true;
}

void copy_into(py::handle to, py::handle from) {
  if (py::detail::npy_api::get().PyArray_CopyInto_(to.ptr(), from.ptr()) != 0) throw py::error_already_set();
}

}  // namespace fastnn::bindings
