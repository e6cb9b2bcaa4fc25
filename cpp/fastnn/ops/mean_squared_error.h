// mean((y_true - y_pred)^2) over the last axis.
#pragma once

#include "fastnn/core/view.h"

namespace fastnn {

/// losses: y_pred.shape[:-1]; contiguous.
template <class T>
void mean_squared_error_forward(const View<const T>& y_true, const View<const T>& y_pred,
                                const View<T>& losses);

/// dx = 2 (y_pred - y_true) dy / n; contiguous.
template <class T>
void mean_squared_error_backward(const View<const T>& y_true, const View<const T>& y_pred,
                                 const View<const T>& dy, const View<T>& dx);

}  // namespace fastnn
