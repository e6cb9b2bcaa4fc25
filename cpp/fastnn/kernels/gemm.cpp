// The matmul: the five loops of BLIS (Van Zee and van de Geijn, "BLIS: A framework for rapidly instantiating
// BLAS functionality", 2015) around a register tile. Here are jc, pc and ic, which cut the operands to what
// the caches hold; jr and ir are in gemm_blocks.h, the tiles in gemm_tile.h and gemm_dot.h. A tile adds up
// in the order of k, and pc is sequential: the order of addition does not depend on threads.
#include "fastnn/kernels/gemm.h"

#include <algorithm>

#include "fastnn/kernels/gemm_blocks.h"
#include "fastnn/kernels/gemm_product.h"
#include "fastnn/kernels/gemm_stream.h"

namespace fastnn {
namespace {

template <class T, int MR, int NV>
constexpr Tile<T> tile_or_none() {
  if constexpr (NV <= most_vectors(MR)) return tile<T, MR, NV>;
  return nullptr;
}

template <class T, int... Is>
Tile<T> tile_of(Index rows, Index vectors, std::integer_sequence<int, Is...>) {
  static constexpr Tile<T> tiles[] = {tile_or_none<T, Is / 8 + 1, Is % 8 + 1>()...};
  return tiles[(rows - 1) * 8 + vectors - 1];
}

template <class T, int... Is>
DotTile<T> dot_tile_of(Index rows, Index columns, std::integer_sequence<int, Is...>) {
  static constexpr DotTile<T> tiles[] = {dot_tile<T, Is / kDotColumns + 1, Is % kDotColumns + 1>...};
  return tiles[(rows - 1) * kDotColumns + columns - 1];
}

template <class T>
void run_blocks(const Product<T>& x) {
  const bool dots = x.b.row == 1 && x.k >= kDotFewTerms<T> &&
                    x.m <= std::clamp(x.k / kDotTermsPerRow, kDotFewRows, kDotMostRows);
  const Index block = dots ? std::max(kBlockTerms<T>, kDotElements<T> / x.m) : kBlockTerms<T>;
  const Pieces columns(x.n, kBlockColumns), terms(x.k, block), rows(x.m, kBlockRows);
  for (Index jc = 0; jc < columns.count; ++jc) {
    for (Index pc = 0; pc < terms.count; ++pc) {
      for (Index ic = 0; ic < rows.count; ++ic) {
        const Block at{rows.begin(ic),   rows.size(ic),   columns.begin(jc),
                       columns.size(jc), terms.begin(pc), terms.size(pc)};
        dots ? dot_block(x, at) : TileBlock<T>(x, at).run();
      }
    }
  }
}

/// Few columns waste lanes of the tile, or want dot products: they become rows.
template <class T>
void run(const Product<T>& x) {
  const bool plain = x.bias == nullptr && x.activation == Activation::linear;
  if (x.m == 1 && x.n == 1 && x.a.col == 1 && x.b.row == 1 && plain) {
    *x.c = dot(x.a.data, x.b.data, x.k);
    return;
  }
  const bool thin = x.n < x.m && x.n <= kThin && x.n % (kTileVectors * kLanes<T>) != 0 &&
                    ((x.a.col == 1 && x.k >= kDotFewTerms<T>) || (x.a.row == 1 && x.n % kLanes<T> != 0));
  const Product<T>& y = thin ? x.transposed() : x;
  wants_stream(y) ? stream(y) : run_blocks(y);
}

/// c = activation(c + bias).
template <class T>
void finish(const Product<T>& x) {
  for (Index i = 0; i < x.m; ++i) {
    T* row = x.c + i * x.c_row;
    for (Index j = 0; x.bias != nullptr && j < x.n; ++j) row[j] += x.bias[j];
    activation_forward(x.activation, x.n, row, row);
  }
}

/// A small c over many terms leaves nothing but k to share out.
template <class T>
bool wants_slices(const Product<T>& x) {
  const Index tiles = divide_up(x.m, kTileRows) * divide_up(x.n, kTileVectors * kLanes<T>);
  return tiles < 4 && x.k >= 4 * kBlockTerms<T> && Block{0, x.m, 0, x.n, 0, x.k}.parallel();
}

/// Each slice of k gives a part of all of c; the parts are added in their order.
template <class T>
void run_slices(const Product<T>& x) {
  const Pieces slices(x.k, std::max(kBlockTerms<T>, divide_up(x.k, kMostTasks)));
  const Index size = x.m * x.n;
  Buffer<T> parts(slices.count * size);
  parallel_for(slices.count, 1, [&](Index s, Index) {
    Product<T> part = x;
    part.k = slices.size(s);
    part.a.data = x.a.at(0, slices.begin(s));
    part.b.data = x.b.at(slices.begin(s), 0);
    part.c = parts.data() + s * size;
    part.c_row = x.n;
    part.bias = nullptr;
    part.activation = Activation::linear;
    run(part);
  });
  for (Index i = 0; i < x.m; ++i) {
    for (Index j = 0; j < x.n; ++j) {
      T sum = 0;
      for (Index s = 0; s < slices.count; ++s) sum += parts[s * size + i * x.n + j];
      x.c[i * x.c_row + j] = sum;
    }
  }
  finish(x);
}

}  // namespace

template <class T>
Tile<T> choose_tile(Index rows, Index columns) {
  return tile_of<T>(rows, divide_up(columns, kLanes<T>), std::make_integer_sequence<int, kTileRows * 8>());
}

template <class T>
DotTile<T> choose_dot_tile(Index rows, Index columns) {
  return dot_tile_of<T>(rows, columns, std::make_integer_sequence<int, kDotRows * kDotColumns>());
}

template <class T>
void gemm(Index m, Index n, Index k, const T* a, Index a_row, Index a_col, const T* b, Index b_row,
          Index b_col, T* c, Index c_row, const Epilogue<T>& epilogue) {
  if (m == 0 || n == 0) return;
  const Product<T> x{m,
                     n,
                     k,
                     Factor<T>(a, m, k, a_row, a_col),
                     Factor<T>(b, k, n, b_row, b_col),
                     c,
                     c_row,
                     1,
                     epilogue.bias,
                     0,
                     1,
                     epilogue.activation};
  if (k == 0) {
    for (Index i = 0; i < m; ++i) std::fill_n(c + i * c_row, n, T(0));
    finish(x);
  } else if (wants_slices(x)) {
    run_slices(x);
  } else {
    run(x);
  }
}

template Tile<float> choose_tile(Index, Index);
template Tile<double> choose_tile(Index, Index);
template DotTile<float> choose_dot_tile(Index, Index);
template DotTile<double> choose_dot_tile(Index, Index);
template void gemm(Index, Index, Index, const float*, Index, Index, const float*, Index, Index, float*, Index,
                   const Epilogue<float>&);
template void gemm(Index, Index, Index, const double*, Index, Index, const double*, Index, Index, double*,
                   Index, const Epilogue<double>&);

}  // namespace fastnn
