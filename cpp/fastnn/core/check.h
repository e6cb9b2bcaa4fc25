// Checks that protect memory, and the one form of their messages: "[op] rule; received ...".
#pragma once

#include <sstream>
#include <stdexcept>
#include <string>

#include "fastnn/core/view.h"

namespace fastnn {

/// "(32, 784)", "(5,)", "()": as Python prints a shape.
std::string to_string(const Dims& shape);

inline std::ostream& operator<<(std::ostream& out, const Dims& shape) { return out << to_string(shape); }

template <class... Parts>
[[noreturn]] void fail(const char* op, const Parts&... parts) {
  std::ostringstream message;
  message << '[' << op << "] ";
  (message << ... << parts);
  throw std::invalid_argument(message.str());
}

/// Throws std::invalid_argument (a ValueError in Python) "[op] part part ..." unless `ok`.
template <class... Parts>
inline void check(bool ok, const char* op, const Parts&... parts) {
  if (!ok) fail(op, parts...);
}

/// Refuses an array whose shape is not `expected`.
void check_shape(const char* op, const char* name, const Dims& received, const Dims& expected);

/// Number of elements of an array that is asked for; refuses negative sizes and products that overflow.
Index checked_size(const char* op, const Dims& shape, std::size_t item_size);

/// `axis` counted from the front; refuses one outside [-ndim, ndim).
int checked_axis(const char* op, Index axis, int ndim);

}  // namespace fastnn
