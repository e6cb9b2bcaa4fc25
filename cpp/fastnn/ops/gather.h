// Rows of an array by their positions: what makes a shuffled batch.
#pragma once

#include <cstdint>

#include "fastnn/core/view.h"

namespace fastnn {

/// The shape of gather's result: that of `indices`, then that of one row of x.
Dims gather_shape(const Dims& x, const Dims& indices);

/// Refuses an index outside [-rows, rows), naming it and its position.
void check_indices(const View<const std::int64_t>& indices, Index rows);

/// out[i] = x[indices[i]] along the leading dimension, converted to To in the same pass. Negative indices
/// count from the end, as in NumPy. From: any 8- to 64-bit integer, float or double; To: float or double, or
/// an unsigned integer that is From itself (which copies the bits of any type of that size).
template <class From, class To>
void gather(const View<const From>& x, const View<const std::int64_t>& indices, const View<To>& out);

}  // namespace fastnn
