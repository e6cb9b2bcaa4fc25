// Where the largest and the smallest elements are.
#pragma once

#include <cstdint>

#include "fastnn/core/view.h"

namespace fastnn {

/// The first position of the maximum along `axis`, or in C order among all elements if it is null; a NaN
/// counts as the largest. out has the shape of x with the reduced dimensions of size 1. Refuses to choose
/// among no elements.
template <class T>
void argmax(const View<const T>& x, const Index* axis, const View<std::int64_t>& out);
/// The same of the minimum; a NaN counts as the smallest.
template <class T>
void argmin(const View<const T>& x, const Index* axis, const View<std::int64_t>& out);

}  // namespace fastnn
