#include "fastnn/core/check.h"

namespace fastnn {

std::string to_string(const Dims& shape) {
  std::string text = "(";
  for (int i = 0; i < shape.size(); ++i) {
    text += (i ? ", " : "") + std::to_string(shape[i]);
  }
  return text + (shape.size() == 1 ? ",)" : ")");
}

void check_shape(const char* op, const char* name, const Dims& received, const Dims& expected) {
  check(received == expected, op, name, ".shape must be ", expected, "; received ", received);
}

Index checked_size(const char* op, const Dims& shape, std::size_t item_size) {
  Index bytes = static_cast<Index>(item_size);
  bool empty = false;
  for (const Index d : shape) {
    check(d >= 0, op, "sizes must not be negative; received shape ", shape);
    empty = empty || d == 0;
    // As in NumPy, the other sizes must make sense even when one of them is zero.
    check(d == 0 || !__builtin_mul_overflow(bytes, d, &bytes), op, "array is too big; received shape ",
          shape);
  }
  return empty ? 0 : bytes / static_cast<Index>(item_size);
}

int checked_axis(const char* op, Index axis, int ndim) {
  check(-ndim <= axis && axis < ndim, op, "axis must lie in [", -ndim, ", ", ndim, "); received ", axis);
  return static_cast<int>(axis < 0 ? axis + ndim : axis);
}

}  // namespace fastnn
