// To whole numbers: down, up, towards zero, to the nearest.
#pragma once

#include "fastnn/core/view.h"

namespace fastnn {

/// `out` as in arithmetic.h.
template <class T>
void floor(const View<const T>& x, const View<T>& out);
template <class T>
void ceil(const View<const T>& x, const View<T>& out);
template <class T>
void trunc(const View<const T>& x, const View<T>& out);
/// Halves go to the even neighbour, as NumPy's rint and round.
template <class T>
void round(const View<const T>& x, const View<T>& out);

}  // namespace fastnn
