// Statistics of channels, and arithmetic with a number for each channel: an array in C order seen as
// (segments, rows, channels, inner). Work is done in pieces that fit into the cache; each channel's part of a
// piece has a slot for its sums, and slots are added up in their order.
#pragma once

#include <algorithm>

#include "fastnn/core/buffer.h"
#include "fastnn/core/parallel.h"

namespace fastnn {

struct Channels {
  Index segments, rows, channels, inner;
  Index size() const { return segments * rows * channels * inner; }
};

namespace channels {

constexpr Index kPiece = 8 * 1024;  // elements
constexpr Index kWide = 128;        // columns whose sums do not wait for each other
constexpr Index kFirst = 8;         // rows of them whose mean is taken first

struct Piece {
  Index at, n;       // elements [at, at + n), channel by channel in turn
  Index channels;    // all of them, or one
  Index slot;        // of the first
  Index segment, c;  // the first channel
};

/// Rows in one piece where the channels come last, otherwise one row is `channels` pieces.
inline Index rows_of_piece(const Channels& x) {
  return x.inner == 1 ? std::clamp<Index>(kPiece / x.channels, 1, std::max<Index>(x.rows, 1)) : 1;
}
inline Index pieces_of_segment(const Channels& x) {
  const Index rows = rows_of_piece(x);
  return (x.rows + rows - 1) / rows;
}
inline Index slots(const Channels& x) { return x.segments * pieces_of_segment(x) * x.channels; }

/// f(piece) for all pieces, on several threads.
template <class F>
void for_pieces(const Channels& x, F f) {
  if (x.size() == 0) return;
  const Index rows = rows_of_piece(x), pieces = pieces_of_segment(x), row = x.channels * x.inner;
  parallel_for(x.segments * pieces, std::max<Index>(1, kPiece / (rows * row)), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      const Index segment = i / pieces, first = i % pieces * rows;
      const Index at = (segment * x.rows + first) * row, slot = i * x.channels;
      if (x.inner == 1) {
        f(Piece{at, std::min(rows, x.rows - first) * row, x.channels, slot, segment, 0});
      } else {
        for (Index c = 0; c < x.channels; ++c) {
          f(Piece{at + c * x.inner, x.inner, 1, slot + c, segment, c});
        }
      }
    }
  });
}

/// f(i, slot, count) for the parts of one channel in their order; count elements each.
template <class F>
void for_slots(const Channels& x, Index segment, Index c, F f) {
  const Index rows = rows_of_piece(x), pieces = pieces_of_segment(x);
  for (Index i = 0; i < pieces; ++i) {
    f((segment * pieces + i) * x.channels + c, std::min(rows, x.rows - i * rows) * x.inner);
  }
}

/// A piece as rows of so many columns: of few channels, several times all.
inline Index columns(const Piece& p) {
  return p.channels >= kWide ? p.channels : kWide / p.channels * p.channels;
}

/// A number for each column, from one for each channel: those themselves where they are many.
template <class T>
class Columns {
 public:
  Columns(const Piece& p, const T* of_channels) : data_(of_channels) {
    if (p.channels >= kWide) return;
    data_ = own_;
    for (Index j = 0, n = columns(p); j < n; j += p.channels) std::copy_n(of_channels, p.channels, own_ + j);
  }
  const T* data() const { return data_; }

 private:
  const T* data_;
  T own_[kWide];
};

/// Adds the columns of each channel to out, in float64.
template <class T>
void fold(const Piece& p, const T* sums, double* out) {
  std::fill_n(out, p.channels, 0.0);
  for (Index j = 0, n = columns(p); j < n; j += p.channels) {
    for (Index c = 0; c < p.channels; ++c) out[c] += static_cast<double>(sums[j + c]);
  }
}

/// Means, and sums of the squares of differences from them, of each channel's part of a piece: by differences
/// from the mean of its first rows, which keeps them small where the mean is large (Chan, Golub and LeVeque,
/// "Algorithms for computing the sample variance", 1983).
template <class T>
void moments(const Piece& p, const T* x, double* mean, double* squares) {
  const Index width = columns(p);
  const auto count = static_cast<double>(p.n / p.channels);
  Buffer<T> memory(3 * width);
  T *sum = memory.data(), *square = sum + width, *centre = square + width;
  x += p.at;
  std::fill_n(sum, 2 * width, T{0});
  const Index some = std::min(p.n, kFirst * width);
  for (Index i = 0; i < some; i += width) {
    for (Index j = 0, n = std::min(width, some - i); j < n; ++j) sum[j] += x[i + j];
  }
  fold(p, sum, mean);
  for (Index c = 0; c < p.channels; ++c) {
    centre[c] = static_cast<T>(mean[c] / static_cast<double>(some / p.channels));
  }
  for (Index j = p.channels; j < width; ++j) centre[j] = centre[j - p.channels];
  std::fill_n(sum, width, T{0});
  for (Index i = 0; i < p.n; i += width) {
    for (Index j = 0, n = std::min(width, p.n - i); j < n; ++j) {
      const T difference = x[i + j] - centre[j];
      sum[j] += difference;
      square[j] += difference * difference;
    }
  }
  fold(p, sum, mean);
  fold(p, square, squares);
  for (Index c = 0; c < p.channels; ++c) {
    const double about_mean = squares[c] - mean[c] * mean[c] / count;
    squares[c] = about_mean < 0 ? 0 : about_mean;  // NaN stays
    mean[c] = static_cast<double>(centre[c]) + mean[c] / count;
  }
}

/// Sums of dy and of dy (x - centre) of each channel's part of a piece.
template <class T>
void sums(const Piece& p, const T* x, const T* dy, const T* centre_of_channels, double* plain,
          double* with_x) {
  const Index width = columns(p);
  Buffer<T> memory(2 * width);
  T *sum = memory.data(), *product = sum + width;
  const Columns<T> wide(p, centre_of_channels);
  const T* centre = wide.data();
  std::fill_n(sum, 2 * width, T{0});
  for (Index i = 0; i < p.n; i += width) {
    const T *from = x + p.at + i, *up = dy + p.at + i;
    for (Index j = 0, n = std::min(width, p.n - i); j < n; ++j) {
      sum[j] += up[j];
      product[j] += up[j] * (from[j] - centre[j]);
    }
  }
  fold(p, sum, plain);
  fold(p, product, with_x);
}

/// y = (x - centre) factor + shift
template <class T>
void scale(const Piece& p, const T* x, const T* centre_, const T* factor_, const T* shift_, T* y) {
  const Columns<T> centres(p, centre_), factors(p, factor_), shifts(p, shift_);
  const T *centre = centres.data(), *factor = factors.data(), *shift = shifts.data();
  const Index width = columns(p);
  for (Index i = 0; i < p.n; i += width) {
    const T* from = x + p.at + i;
    T* to = y + p.at + i;
    for (Index j = 0, n = std::min(width, p.n - i); j < n; ++j) {
      to[j] = (from[j] - centre[j]) * factor[j] + shift[j];
    }
  }
}

/// dx = dy factor + (x - centre) slope + shift
template <class T>
void combine(const Piece& p, const T* x, const T* dy, const T* centre_, const T* factor_, const T* slope_,
             const T* shift_, T* dx) {
  const Columns<T> centres(p, centre_), factors(p, factor_), slopes(p, slope_), shifts(p, shift_);
  const T *centre = centres.data(), *factor = factors.data(), *slope = slopes.data(), *shift = shifts.data();
  const Index width = columns(p);
  for (Index i = 0; i < p.n; i += width) {
    const T *from = x + p.at + i, *up = dy + p.at + i;
    T* to = dx + p.at + i;
    for (Index j = 0, n = std::min(width, p.n - i); j < n; ++j) {
      to[j] = up[j] * factor[j] + ((from[j] - centre[j]) * slope[j] + shift[j]);
    }
  }
}

}  // namespace channels
}  // namespace fastnn
