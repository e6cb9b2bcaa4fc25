// Exponentials and logarithms. `out` as in arithmetic.h.
#pragma once

#include "fastnn/core/view.h"

namespace fastnn {

template <class T>
void exp(const View<const T>& x, const View<T>& out);
template <class T>
void exp2(const View<const T>& x, const View<T>& out);

/// exp(x) - 1, exact for the smallest.
template <class T>
void expm1(const View<const T>& x, const View<T>& out);

template <class T>
void log(const View<const T>& x, const View<T>& out);
template <class T>
void log2(const View<const T>& x, const View<T>& out);
template <class T>
void log10(const View<const T>& x, const View<T>& out);

/// log(1 + x), exact for the smallest.
template <class T>
void log1p(const View<const T>& x, const View<T>& out);

}  // namespace fastnn
