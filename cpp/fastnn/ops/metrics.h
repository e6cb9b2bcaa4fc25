// Counting right predictions: one pass, no array in between.
#pragma once

#include <cstdint>

#include "fastnn/core/view.h"

namespace fastnn {

/// Rows (all but the last axis) in which y_true and y_pred are largest at the same place. As in NumPy's
/// argmax the first of equals counts, and the first NaN is largest.
template <class T>
Index categorical_matches(const View<const T>& y_true, const View<const T>& y_pred);

/// Rows in which y_pred is largest at the label. labels: y_pred.shape[:-1], or that with a last dimension
/// of 1. A label outside the classes matches nothing.
template <class T>
Index sparse_categorical_matches(const View<const std::int64_t>& labels, const View<const T>& y_pred);

/// Elements in which (y_pred > threshold) equals y_true.
template <class T>
Index binary_matches(const View<const T>& y_true, const View<const T>& y_pred, T threshold);

}  // namespace fastnn
