// The matmul: the five loops of BLIS (Van Zee and van de Geijn, "BLIS: A framework for rapidly instantiating
// BLAS functionality", 2015) around a register tile. jc, pc and ic cut the operands to what the caches hold;
// jr and ir walk their panels, packed only where their layout asks for it. The tile adds up in the order of
// p, and pc is sequential: the order of addition does not depend on threads.
#include "fastnn/kernels/gemm.h"

#include <algorithm>
#include <utility>

#include "fastnn/core/buffer.h"
#include "fastnn/core/parallel.h"
#include "fastnn/kernels/gemm_dot.h"
#include "fastnn/kernels/gemm_pack.h"
#include "fastnn/kernels/gemm_tile.h"

namespace fastnn {
namespace {

/// [0, size) in the fewest pieces of at most `limit`, all but equal: no piece is a small rest.
struct Pieces {
  Pieces(Index size_, Index limit)
      : count(divide_up(size_, limit)), length(size_ / count), larger(size_ % count) {}
  Index begin(Index i) const { return i * length + std::min(i, larger); }
  Index size(Index i) const { return length + (i < larger ? 1 : 0); }
  Index count, length, larger;
};

/// [0, size) in panels of whole vectors, and a last one with what is left of a vector.
template <class T>
struct Panels {
  Panels(Index size_, Index width_) : size(size_), width(width_), whole(size_ / width_) {
    const Index rest = size % width;
    count = whole + (rest >= kLanes<T>)+(rest % kLanes<T> > 0);
  }
  Index begin(Index j) const { return j <= whole ? j * width : size / kLanes<T> * kLanes<T>; }
  Index end(Index j) const { return j + 1 < count ? begin(j + 1) : size; }
  Index size, width, whole, count;
};

template <class T>
struct Operand {
  const T* data;
  Index row, col;
  const T* end;  // just past the element at the highest address

  Operand(const T* data_, Index rows, Index columns, Index row_, Index col_)
      : data(data_),
        row(row_),
        col(col_),
        end(data + std::max<Index>((rows - 1) * row, 0) + std::max<Index>((columns - 1) * col, 0) + 1) {}
  const T* at(Index i, Index j) const { return data + i * row + j * col; }
  Operand transposed() const {
    Operand t = *this;
    std::swap(t.row, t.col);
    return t;
  }
};

/// A piece of c that is computed at once, over a piece of k.
struct Block {
  Index i, rows, j, columns, p, terms;
};

template <class T>
struct Product {
  Index m, n, k;
  Operand<T> a, b;
  T* c;
  Index c_row, c_col;
  Index bias_row, bias_col;
  Epilogue<T> epilogue;

  /// The same product as c^T = b^T a^T.
  Product transposed() const {
    return {n, m, k, b.transposed(), a.transposed(), c, c_col, c_row, bias_col, bias_row, epilogue};
  }

  /// Multiplications, where one row counts as two: it is bound by reading b.
  static Index work(const Block& at) { return std::max<Index>(at.rows, 2) * at.columns * at.terms; }
  static bool parallel(const Block& at) { return work(at) >= kGemmParallelWork; }

  TileEnd<T> end(const Block& at, Index i, Index j) const {
    const bool last = at.p + at.terms == k;
    return {c + i * c_row + j * c_col,
            c_row,
            c_col,
            at.p > 0,
            last && epilogue.bias != nullptr ? epilogue.bias + i * bias_row + j * bias_col : nullptr,
            bias_row,
            bias_col,
            last && epilogue.activation == Activation::relu};
  }

  /// What is left to do for a finished piece of c: the activations that do not fit into a tile's end.
  void activate(const Block& at, Index i0, Index i1, Index j0, Index j1) const {
    if (at.p + at.terms < k || epilogue.activation <= Activation::relu) return;
    const bool rows = c_col == 1;
    for (Index line = rows ? i0 : j0; line < (rows ? i1 : j1); ++line) {
      T* begin = rows ? c + line * c_row + j0 : c + line * c_col + i0;
      activation_forward(epilogue.activation, rows ? j1 - j0 : i1 - i0, begin, begin);
    }
  }

  void fill_empty() const {
    for (Index i = 0; i < m; ++i) {
      T* row = c + i * c_row;
      epilogue.bias != nullptr ? std::copy_n(epilogue.bias, n, row) : std::fill_n(row, n, T(0));
      activation_forward(epilogue.activation, n, row, row);
    }
  }

  void run() const {
    const bool dots = m <= kDotMostRows && b.row == 1;
    const Pieces columns(n, kBlockColumns), terms(k, kBlockTerms<T>), rows(m, kBlockRows);
    for (Index jc = 0; jc < columns.count; ++jc) {
      for (Index pc = 0; pc < terms.count; ++pc) {
        for (Index ic = 0; ic < rows.count; ++ic) {
          const Block at{rows.begin(ic),   rows.size(ic),   columns.begin(jc),
                         columns.size(jc), terms.begin(pc), terms.size(pc)};
          dots ? dot_block(at) : block(at);
        }
      }
    }
  }

  void block(const Block& at) const {
    const Pieces row_panels(at.rows, kTileRows);
    const Panels<T> columns(at.columns, most_vectors(row_panels.size(0)) * kLanes<T>);
    const bool direct_a = at.rows == 1 || (a.row == 1 && at.columns <= kDirectColumns);
    const bool direct_b = b.col == 1 && at.rows <= kDirectRows;
    const auto needs_packing = [&](Index j) {
      return !direct_b || (columns.end(j) - columns.begin(j)) % kLanes<T> != 0;
    };

    const Index a_size = direct_a ? 0 : at.rows * at.terms + row_panels.count * kLanes<T>;
    const Index b_first =
        direct_b ? (needs_packing(columns.count - 1) ? columns.count - 1 : columns.count) : 0;
    const Index b_size = columns.width * at.terms;
    Buffer<T> packed(a_size + (columns.count - b_first) * b_size);
    const auto panel_a = [&](Index i) {
      return packed.data() + row_panels.begin(i) * at.terms + i * kLanes<T>;
    };
    const auto panel_b = [&](Index j) { return packed.data() + a_size + (j - b_first) * b_size; };

    const Index a_packs = direct_a ? 0 : row_panels.count, packs = a_packs + columns.count - b_first;
    parallel_for(packs, parallel(at) ? 1 : packs, [&](Index begin, Index end) {
      for (Index i = begin; i < end; ++i) {
        if (i < a_packs) {
          pack(panel_a(i), row_panels.size(i), row_panels.size(i), at.terms,
               a.at(at.i + row_panels.begin(i), at.p), a.row, a.col, a.end);
        } else {
          const Index j = i - a_packs + b_first, width = columns.end(j) - columns.begin(j);
          pack(panel_b(j), divide_up(width, kLanes<T>) * kLanes<T>, width, at.terms,
               b.at(at.p, at.j + columns.begin(j)), b.col, b.row, b.end);
        }
      }
    });

    Index task_rows = kTaskRowPanels, task_columns = kTaskColumnPanels;
    const Index tasks = std::min(work(at) / kTaskWork + 1, kMostTasks);
    while (divide_up(row_panels.count, task_rows) * divide_up(columns.count, task_columns) < tasks &&
           task_rows * task_columns > 1) {
      task_columns > 1 ? task_columns /= 2 : task_rows /= 2;
    }
    const Index down = divide_up(row_panels.count, task_rows),
                across = divide_up(columns.count, task_columns);
    parallel_for(down * across, parallel(at) ? 1 : down * across, [&](Index begin, Index end_) {
      for (Index task = begin; task < end_; ++task) {
        const Index i0 = task % down * task_rows, i1 = std::min(i0 + task_rows, row_panels.count);
        const Index j0 = task / down * task_columns, j1 = std::min(j0 + task_columns, columns.count);
        for (Index j = j0; j < j1; ++j) {
          const Index column = at.j + columns.begin(j), width = columns.end(j) - columns.begin(j);
          const bool packed_b = needs_packing(j);
          const T* from_b = packed_b ? panel_b(j) : b.at(at.p, column);
          const Index b_step = packed_b ? divide_up(width, kLanes<T>) * kLanes<T> : b.row;
          for (Index i = i0; i < i1; ++i) {
            const Index row = at.i + row_panels.begin(i), height = row_panels.size(i);
            choose_tile<T>(height, width)(at.terms, direct_a ? a.at(row, at.p) : panel_a(i),
                                          direct_a ? a.col : height, from_b, b_step, width,
                                          end(at, row, column));
          }
        }
        activate(at, at.i + row_panels.begin(i0), at.i + row_panels.begin(i1), at.j + columns.begin(j0),
                 at.j + columns.end(j1 - 1));
      }
    });
  }

  void dot_block(const Block& at) const {
    const Pieces rows(at.rows, kDotRows);
    const Index grain = parallel(at)
                            ? std::max<Index>(kTaskWork / (at.rows * at.terms) / kDotColumns, 1) * kDotColumns
                            : at.columns;
    const T* from_a = a.at(at.i, at.p);
    Index a_row = a.row;
    const Index step = divide_up(at.terms, kLanes<T>) * kLanes<T>;
    Buffer<T> packed(a.col != 1 ? at.rows * step + kLanes<T> : 0);
    if (a.col != 1) {
      pack(packed.data(), step, at.terms, at.rows, from_a, a.col, a.row, a.end);
      from_a = packed.data();
      a_row = step;
    }
    parallel_for(at.columns, grain, [&](Index begin, Index end_) {
      const Pieces columns(end_ - begin, kDotColumns);
      for (Index j = 0; j < columns.count; ++j) {
        const Index column = at.j + begin + columns.begin(j);
        for (Index i = 0; i < rows.count; ++i) {
          const Index row = at.i + rows.begin(i);
          choose_dot_tile<T>(rows.size(i), columns.size(j))(at.terms, from_a + rows.begin(i) * a_row, a_row,
                                                            b.at(at.p, column), b.col, end(at, row, column));
        }
      }
      activate(at, at.i, at.i + at.rows, at.j + begin, at.j + end_);
    });
  }
};

}  // namespace

template <class T>
void gemm(Index m, Index n, Index k, const T* a, Index a_row, Index a_col, const T* b, Index b_row,
          Index b_col, T* c, Index c_row, const Epilogue<T>& epilogue) {
  if (m == 0 || n == 0) return;
  const Product<T> product{
      m, n, k,       Operand<T>(a, m, k, a_row, a_col), Operand<T>(b, k, n, b_row, b_col), c, c_row, 1,
      0, 1, epilogue};
  if (k == 0) return product.fill_empty();
  // Few columns waste lanes of the tile: they become rows.
  const bool thin = n < m && n <= kThin && (a_row == 1 || a_col == 1);
  thin ? product.transposed().run() : product.run();
}

template void gemm(Index, Index, Index, const float*, Index, Index, const float*, Index, Index, float*, Index,
                   const Epilogue<float>&);
template void gemm(Index, Index, Index, const double*, Index, Index, const double*, Index, Index, double*,
                   Index, const Epilogue<double>&);

}  // namespace fastnn
