// The matmul: the five loops of BLIS (Van Zee and van de Geijn, "BLIS: A framework for rapidly instantiating
// BLAS functionality", 2015) around a register tile. jc, pc and ic cut the operands to what the caches hold;
// jr and ir walk the packed panels. Loop p inside the tile adds up in order, and pc is sequential: the order
// of addition depends on the sizes alone.
#include "fastnn/kernels/gemm.h"

#include <algorithm>

#include "fastnn/core/buffer.h"
#include "fastnn/core/parallel.h"
#include "fastnn/kernels/gemm_pack.h"
#include "fastnn/kernels/gemm_tile.h"

namespace fastnn {
namespace {

// Rows and columns that are packed at once, in elements, and the most terms of one pass.
constexpr Index kBlockRows = 4096;
constexpr Index kBlockColumns = 4096;
constexpr Index kBlockTerms = 512;
// Panels of a task's piece of c, so that its panels of a and b stay in the L2 cache.
constexpr Index kTaskRowPanels = 8;
constexpr Index kTaskColumnPanels = 8;
constexpr Index kTasks = 16;
// Multiplications below which a second thread costs more than it saves.
constexpr Index kParallelWork = 1 << 18;

constexpr Index divide_up(Index a, Index b) { return (a + b - 1) / b; }

/// [0, size) in the fewest pieces of at most `limit`, all but equal: no piece is a small rest.
struct Pieces {
  Pieces(Index size_, Index limit)
      : count(divide_up(size_, limit)), size(size_ / count), larger(size_ % count) {}
  Index begin(Index i) const { return i * size + std::min(i, larger); }
  Index length(Index i) const { return size + (i < larger ? 1 : 0); }
  Index count, size, larger;
};

template <class T>
using Tile = void (*)(Index, const T*, Index, const T*, Index, T*, Index, Index, const TileEnd<T>&);

template <class T, int NV, int... Rows>
Tile<T> choose_tile(Index rows, std::integer_sequence<int, Rows...>) {
  static constexpr Tile<T> tiles[] = {tile<T, Rows + 1, NV>...};
  return tiles[rows - 1];
}

/// The tile for a panel of `rows` rows and one of `columns` columns.
template <class T>
Tile<T> choose_tile(Index rows, Index columns) {
  constexpr auto all = std::make_integer_sequence<int, kTileRows>();
  return columns > kLanes<T> ? choose_tile<T, 2>(rows, all) : choose_tile<T, 1>(rows, all);
}

/// One matmul, its sizes and operands.
template <class T>
struct Gemm {
  static constexpr Index kColumns = kTileVectors * kLanes<T>;  // of a panel of b

  Index m, n, k;
  const T* a;
  Index a_row, a_col;
  const T* b;
  Index b_row, b_col;
  T* c;
  Index c_row;
  Epilogue<T> epilogue;

  void fill_empty() const {
    for (Index i = 0; i < m; ++i) {
      T* row = c + i * c_row;
      epilogue.bias != nullptr ? std::copy_n(epilogue.bias, n, row) : std::fill_n(row, n, T(0));
      activation_forward(epilogue.activation, n, row, row);
    }
  }

  void run() const {
    const Pieces columns(n, kBlockColumns), terms(k, kBlockTerms), rows(m, kBlockRows);
    const Index most_terms = terms.length(0);
    const Pieces row_panels(rows.length(0), kTileRows);
    Buffer<T> packed_a((rows.length(0) + row_panels.count * kLanes<T>)*most_terms);
    Buffer<T> packed_b(divide_up(columns.length(0), kColumns) * (kColumns * most_terms + kLanes<T>));
    for (Index jc = 0; jc < columns.count; ++jc) {
      for (Index pc = 0; pc < terms.count; ++pc) {
        for (Index ic = 0; ic < rows.count; ++ic) {
          block({rows.begin(ic), rows.length(ic), columns.begin(jc), columns.length(jc), terms.begin(pc),
                 terms.length(pc), packed_a.data(), packed_b.data()},
                ic == 0);
        }
      }
    }
  }

 private:
  struct Block {
    Index i, rows, j, columns, p, terms;
    T* packed_a;
    T* packed_b;
  };

  void block(const Block& at, bool pack_b) const {
    const Pieces row_panels(at.rows, kTileRows);
    const Index column_panels = divide_up(at.columns, kColumns);
    const bool parallel = at.rows * at.columns * at.terms >= kParallelWork;

    const auto panel_a = [&](Index i) {
      return at.packed_a + row_panels.begin(i) * at.terms + i * kLanes<T>;
    };
    const auto panel_b = [&](Index j) { return at.packed_b + j * (kColumns * at.terms + kLanes<T>); };
    const auto panel_columns = [&](Index j) { return std::min(kColumns, at.columns - j * kColumns); };
    const auto padded = [](Index columns_) { return columns_ > kLanes<T> ? kColumns : kLanes<T>; };

    const Index a_panels = row_panels.count;
    const Index packs = a_panels + (pack_b ? column_panels : 0);
    parallel_for(packs, parallel ? 2 : packs, [&](Index begin, Index end) {
      for (Index i = begin; i < end; ++i) {
        if (i < a_panels) {
          const Index width = row_panels.length(i);
          pack(panel_a(i), width, width, at.terms, a + (at.i + row_panels.begin(i)) * a_row + at.p * a_col,
               a_row, a_col);
        } else {
          const Index j = i - a_panels;
          const Index width = panel_columns(j);
          pack(panel_b(j), padded(width), width, at.terms, b + at.p * b_row + (at.j + j * kColumns) * b_col,
               b_col, b_row);
        }
      }
    });

    Index task_rows = kTaskRowPanels, task_columns = kTaskColumnPanels;
    while (divide_up(a_panels, task_rows) * divide_up(column_panels, task_columns) < kTasks &&
           task_rows * task_columns > 1) {
      task_columns > 1 ? task_columns /= 2 : task_rows /= 2;
    }
    const Index down = divide_up(a_panels, task_rows), across = divide_up(column_panels, task_columns);
    const bool first = at.p == 0, last = at.p + at.terms == k;
    parallel_for(down * across, parallel ? 1 : down * across, [&](Index begin, Index end) {
      for (Index task = begin; task < end; ++task) {
        const Index i0 = task / across * task_rows, j0 = task % across * task_columns;
        const Index i1 = std::min(i0 + task_rows, a_panels), j1 = std::min(j0 + task_columns, column_panels);
        for (Index j = j0; j < j1; ++j) {
          const Index width = panel_columns(j), column = at.j + j * kColumns;
          const TileEnd<T> finish{!first, last && epilogue.bias ? epilogue.bias + column : nullptr,
                                  last && epilogue.activation == Activation::relu};
          for (Index i = i0; i < i1; ++i) {
            const Index height = row_panels.length(i), row = at.i + row_panels.begin(i);
            choose_tile<T>(height, width)(at.terms, panel_a(i), height, panel_b(j), padded(width),
                                          c + row * c_row + column, c_row, width, finish);
          }
        }
        if (last && epilogue.activation > Activation::relu) {
          const Index j = at.j + j0 * kColumns, width = std::min(j1 * kColumns, at.columns) - j0 * kColumns;
          const Index row0 = at.i + row_panels.begin(i0), row1 = at.i + row_panels.begin(i1);
          for (Index i = row0; i < row1; ++i) {
            T* line = c + i * c_row + j;
            activation_forward(epilogue.activation, width, line, line);
          }
        }
      }
    });
  }
};

}  // namespace

template <class T>
void gemm(Index m, Index n, Index k, const T* a, Index a_row, Index a_col, const T* b, Index b_row,
          Index b_col, T* c, Index c_row, const Epilogue<T>& epilogue) {
  if (m == 0 || n == 0) return;
  const Gemm<T> product{m, n, k, a, a_row, a_col, b, b_row, b_col, c, c_row, epilogue};
  k == 0 ? product.fill_empty() : product.run();
}

template void gemm(Index, Index, Index, const float*, Index, Index, const float*, Index, Index, float*, Index,
                   const Epilogue<float>&);
template void gemm(Index, Index, Index, const double*, Index, Index, const double*, Index, Index, double*,
                   Index, const Epilogue<double>&);

}  // namespace fastnn
