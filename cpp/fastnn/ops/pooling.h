// The largest or the mean element of each window over images of one, two or three dimensions.
#pragma once

#include <string>

#include "fastnn/core/windows.h"

namespace fastnn {

/// How windows are laid over x, (batch, ..., channels), or with channels_first (batch, channels, ...): all
/// channels are images of one channel then. `size` and `strides` have one number for all dimensions of the
/// image, or one for each; no strides are the size. "valid" takes the windows that lie inside, "same" as many
/// as there are strides, with as much padding before as after, the odd one after. Refuses what does not fit.
Windows pooling_windows(const char* op, const Dims& x, const Dims& size, const Dims& strides,
                        const std::string& padding, bool channels_first);

/// The shape of the result, for x and channels_first as above.
Dims pooled_shape(const Windows& windows, const Dims& x, bool channels_first);

/// Whether positions inside a window fit into bytes.
inline bool positions_in_bytes(const Windows& w) { return w.size[0] * w.size[1] * w.size[2] <= 256; }

/// y must be contiguous, and positions, null where they are not wanted, have as many elements: where in its
/// window each largest element stands, of std::uint8_t or std::int32_t. A window with NaN gives NaN; of
/// equals, the first in C order is taken.
template <class T, class P>
void max_pool_forward(const Windows& windows, const View<const T>& x, const View<T>& y, P* positions);

/// dx, contiguous, gets dy where each window's largest element stood.
template <class T, class P>
void max_pool_backward(const Windows& windows, const View<const T>& dy, const P* positions,
                       const View<T>& dx);

/// Padding is not counted. y must be contiguous.
template <class T>
void average_pool_forward(const Windows& windows, const View<const T>& x, const View<T>& y);

/// dx must be contiguous.
template <class T>
void average_pool_backward(const Windows& windows, const View<const T>& dy, const View<T>& dx);

}  // namespace fastnn
