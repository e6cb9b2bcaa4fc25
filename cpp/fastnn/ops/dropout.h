// Dropout: elements are set to zero at random, the others grow so that the expected sum stays.
#pragma once

#include <cstdint>

#include "fastnn/core/view.h"

namespace fastnn {

/// Words of 64 bits that hold one bit for each of n elements.
inline Index dropout_words(Index n) { return (n + 63) / 64; }

/// y = x / (1 - rate) where word i of the random stream, for element i in C order, is at least rate 2^32;
/// otherwise 0, whatever x is. Bit i of `kept` says which.
template <class T>
void dropout_forward(const View<const T>& x, double rate, std::uint64_t seed, std::uint64_t stream,
                     const View<std::int64_t>& kept, const View<T>& y);

/// dx = dy / (1 - rate) where an element was kept, otherwise 0.
template <class T>
void dropout_backward(const View<const T>& dy, double rate, const View<const std::int64_t>& kept,
                      const View<T>& dx);

}  // namespace fastnn
