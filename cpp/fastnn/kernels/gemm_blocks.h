// How a block of a matmul is computed: by the register tile, or by dot products.
#pragma once

#include <algorithm>

#include "fastnn/core/buffer.h"
#include "fastnn/core/parallel.h"
#include "fastnn/kernels/gemm_dot.h"
#include "fastnn/kernels/gemm_pack.h"
#include "fastnn/kernels/gemm_product.h"

namespace fastnn {

/// Loops jr and ir around the register tile, over panels of a and b that are packed, shared by all threads,
/// where their layout or their reuse asks for it.
template <class T>
class TileBlock {
  static constexpr Index kSmallPack = 1024;  // elements that need no buffer

 public:
  TileBlock(const Product<T>& product, const Block& at)
      : x_(product),
        at_(at),
        rows_(at.rows, kTileRows),
        columns_(at.columns, most_vectors(rows_.size(0)) * kLanes<T>, kLanes<T>),
        direct_a_(at.rows == 1 || (x_.a.row == 1 && at.columns <= kDirectColumns) ||
                  (x_.a.col == 1 && at.columns <= kDirectColumnsOfRows)),
        direct_b_(x_.b.col == 1 && at.rows <= (crowded(x_.b.row) ? kDirectCrowdedRows : kDirectRows)),
        a_packs_(direct_a_ ? 0 : rows_.count),
        b_direct_(!direct_b_ ? 0 : columns_.count - (columns_.last() % kLanes<T> != 0 ? 1 : 0)),
        a_size_(direct_a_ ? 0 : at.rows * at.terms + rows_.count * kLanes<T>),
        b_size_(columns_.width * at.terms),
        large_(packed_size() > kSmallPack ? packed_size() : 0),
        packed_(packed_size() > kSmallPack ? large_.data() : small_) {}

  void run() {
    const Index packs = a_packs_ + columns_.count - b_direct_;
    parallel_for(packs, at_.parallel() ? 1 : packs, [&](Index begin, Index end) {
      for (Index i = begin; i < end; ++i) i < a_packs_ ? pack_a(i) : pack_b(b_direct_ + i - a_packs_);
    });

    Index height = kTaskRowPanels, width = kTaskColumnPanels;
    const Index wanted = std::min(at_.work() / kTaskWork + 1, kMostTasks);
    while (divide_up(rows_.count, height) * divide_up(columns_.count, width) < wanted && height * width > 1) {
      width > 1 ? width /= 2 : height /= 2;
    }
    const Index down = divide_up(rows_.count, height), tasks = down * divide_up(columns_.count, width);
    parallel_for(tasks, at_.parallel() ? 1 : tasks, [&](Index begin, Index end) {
      for (Index task = begin; task < end; ++task) {
        const Index i = task % down * height, j = task / down * width;
        multiply(i, std::min(i + height, rows_.count), j, std::min(j + width, columns_.count));
      }
    });
  }

 private:
  static bool crowded(Index step) { return step * static_cast<Index>(sizeof(T)) % kPageBytes == 0; }

  struct Panel {
    const T* data;
    Index across, along;
  };

  Index packed_size() const { return a_size_ + (columns_.count - b_direct_) * b_size_; }
  T* packed_a(Index i) { return packed_ + rows_.begin(i) * at_.terms + i * kLanes<T>; }
  T* packed_b(Index j) { return packed_ + a_size_ + (j - b_direct_) * b_size_; }
  Index padded_columns(Index j) const { return divide_up(columns_.columns(j), kLanes<T>) * kLanes<T>; }

  Panel panel_a(Index i) {
    if (direct_a_) return {x_.a.at(at_.i + rows_.begin(i), at_.p), x_.a.row, x_.a.col};
    return {packed_a(i), 1, rows_.size(i)};
  }
  Panel panel_b(Index j) {
    if (j < b_direct_) return {x_.b.at(at_.p, at_.j + columns_.begin(j)), 1, x_.b.row};
    return {packed_b(j), 1, padded_columns(j)};
  }

  void pack_a(Index i) {
    const Factor<T>& a = x_.a;
    pack(packed_a(i), rows_.size(i), rows_.size(i), at_.terms, a.at(at_.i + rows_.begin(i), at_.p), a.row,
         a.col, a.end);
  }
  void pack_b(Index j) {
    const Factor<T>& b = x_.b;
    pack(packed_b(j), padded_columns(j), columns_.columns(j), at_.terms,
         b.at(at_.p, at_.j + columns_.begin(j)), b.col, b.row, b.end);
  }

  /// The piece of c of panels [i0, i1) of a and [j0, j1) of b.
  void multiply(Index i0, Index i1, Index j0, Index j1) {
    const TileRuns terms = one_run(at_.terms);
    const auto one = [&](Index i, Index j) {
      const Panel a = panel_a(i), b = panel_b(j);
      const Index columns = columns_.columns(j);
      choose_tile<T>(rows_.size(i), columns)(terms, a.data, a.across, a.along, b.data, b.along, columns,
                                             x_.end(at_, at_.i + rows_.begin(i), at_.j + columns_.begin(j)));
    };
    // Of few terms, writing c takes longest: along its rows. Else a panel of b stays in the cache.
    if (at_.terms <= kFewTerms) {
      for (Index i = i0; i < i1; ++i) {
        for (Index j = j0; j < j1; ++j) one(i, j);
      }
    } else {
      for (Index j = j0; j < j1; ++j) {
        for (Index i = i0; i < i1; ++i) one(i, j);
      }
    }
    const Index row = rows_.begin(i0), column = columns_.begin(j0);
    x_.activate(at_, at_.i + row, rows_.begin(i1) - row, at_.j + column,
                columns_.begin(j1 - 1) + columns_.columns(j1 - 1) - column);
  }

  const Product<T>& x_;
  const Block at_;
  const Pieces rows_;
  const Panels columns_;
  const bool direct_a_, direct_b_;
  const Index a_packs_, b_direct_;  // panels of a that are packed, and of b that are not
  const Index a_size_, b_size_;     // elements of packed a, and of a packed panel of b
  T small_[kSmallPack];
  Buffer<T> large_;
  T* const packed_;
};

/// A block of few rows by dot products: b lies contiguous along k, a is packed so where it does not.
template <class T>
void dot_block(const Product<T>& x, const Block& at) {
  const T* a = x.a.at(at.i, at.p);
  Index a_row = x.a.row;
  const Index step = divide_up(at.terms, kLanes<T>) * kLanes<T>;
  Buffer<T> packed(x.a.col != 1 ? at.rows * step + kLanes<T> : 0);
  if (x.a.col != 1) {
    pack(packed.data(), step, at.terms, at.rows, a, x.a.col, x.a.row, x.a.end);
    a = packed.data();
    a_row = step;
  }
  const Pieces rows(at.rows, kDotRows);
  const Index tiles = std::max<Index>(kTaskWork / (at.rows * at.terms * kDotColumns), 1);
  parallel_for(at.columns, at.parallel() ? tiles * kDotColumns : at.columns, [&](Index begin, Index end) {
    const Pieces columns(end - begin, kDotColumns);
    for (Index j = 0; j < columns.count; ++j) {
      const Index column = at.j + begin + columns.begin(j);
      for (Index i = 0; i < rows.count; ++i) {
        choose_dot_tile<T>(rows.size(i), columns.size(j))(one_run(at.terms), a + rows.begin(i) * a_row, a_row,
                                                          x.b.at(at.p, column), x.b.col,
                                                          x.end(at, at.i + rows.begin(i), column));
      }
    }
    x.activate(at, at.i, at.rows, at.j + begin, end - begin);
  });
}

}  // namespace fastnn
