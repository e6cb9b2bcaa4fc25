// What a matmul computes, and how it is cut.
#pragma once

#include <algorithm>
#include <utility>

#include "fastnn/kernels/gemm.h"
#include "fastnn/kernels/gemm_tile.h"

namespace fastnn {

/// [0, size) in the fewest pieces of at most `limit`, all but equal: no piece is a small rest.
struct Pieces {
  Pieces(Index size_, Index limit)
      : count(divide_up(size_, limit)), length(size_ / count), larger(size_ % count) {}
  Index begin(Index i) const { return i * length + std::min(i, larger); }
  Index size(Index i) const { return length + (i < larger ? 1 : 0); }
  Index count, length, larger;
};

/// [0, size) in panels of whole vectors of `lanes`, and a last one with what is left of a vector.
struct Panels {
  Panels(Index size_, Index width_, Index lanes_) : size(size_), width(width_), lanes(lanes_) {
    const Index rest = size % width;
    count = size / width + (rest >= lanes) + (rest % lanes > 0);
  }
  Index begin(Index j) const { return std::min(j * width, j + 1 < count ? size : size - last()); }
  Index columns(Index j) const { return j + 1 < count ? begin(j + 1) - begin(j) : last(); }
  Index last() const {
    const Index rest = size % width;
    return rest % lanes > 0 ? rest % lanes : rest > 0 ? rest : width;
  }
  Index size, width, lanes, count;
};

template <class T>
struct Factor {
  const T* data;
  Index row, col;
  const T* end;  // just past the element at the highest address

  Factor(const T* data_, Index rows, Index columns, Index row_, Index col_)
      : data(data_),
        row(row_),
        col(col_),
        end(data + std::max<Index>((rows - 1) * row, 0) + std::max<Index>((columns - 1) * col, 0) + 1) {}
  const T* at(Index i, Index j) const { return data + i * row + j * col; }
  Factor transposed() const {
    Factor t = *this;
    std::swap(t.row, t.col);
    return t;
  }
};

/// A piece of c that is computed at once, over a piece of k.
struct Block {
  Index i, rows, j, columns, p, terms;

  /// Multiplications, where one row counts as two: it is bound by reading b.
  Index work() const { return std::max<Index>(rows, 2) * columns * terms; }
  bool parallel() const { return work() >= kGemmParallelWork; }
};

/// c = activation(a b + bias), where bias has one value per column, or per row in a transposed product.
template <class T>
struct Product {
  Index m, n, k;
  Factor<T> a, b;
  T* c;
  Index c_row, c_col;  // one of them is 1
  const T* bias;
  Index bias_row, bias_col;
  Activation activation;

  /// The same product as c^T = b^T a^T.
  Product transposed() const {
    return {n, m, k, b.transposed(), a.transposed(), c, c_col, c_row, bias, bias_col, bias_row, activation};
  }

  bool last(const Block& at) const { return at.p + at.terms == k; }

  TileEnd<T> end(const Block& at, Index i, Index j) const {
    return {c + i * c_row + j * c_col,
            c_row,
            c_col,
            at.p > 0,
            last(at) && bias != nullptr ? bias + i * bias_row + j * bias_col : nullptr,
            bias_row,
            bias_col,
            last(at) && activation == Activation::relu};
  }

  /// Does what is left to do for a finished piece of c: the activations that do not fit into a tile's end.
  void activate(const Block& at, Index i, Index rows, Index j, Index columns) const {
    if (!last(at) || activation <= Activation::relu) return;
    T* line = c + i * c_row + j * c_col;
    if (c_col == 1) {
      for (; rows > 0; --rows, line += c_row) activation_forward(activation, columns, line, line);
    } else {
      for (; columns > 0; --columns, line += c_col) activation_forward(activation, rows, line, line);
    }
  }
};

}  // namespace fastnn
