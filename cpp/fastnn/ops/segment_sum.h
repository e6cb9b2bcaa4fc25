// Sums of the rows that carry the same number: the backward rule of gathering rows.
#pragma once

#include <cstdint>

#include "fastnn/core/view.h"

namespace fastnn {

/// out[s] = sum of x[i] where ids[i] == s, along the leading dimension, added in the order of i; 0 where
/// there is none. ids has one dimension, with values in [0, out.shape[0]).
template <class T>
void segment_sum(const View<const T>& x, const View<const std::int64_t>& ids, const View<T>& out);

}  // namespace fastnn
