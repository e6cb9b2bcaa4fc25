#include "fastnn/kernels/gemm_packed.h"

#include <algorithm>

#include "fastnn/core/parallel.h"
#include "fastnn/kernels/gemm_pack.h"
#include "fastnn/kernels/gemm_product.h"

namespace fastnn {
namespace {

/// Panels that let a tile of so many rows use all registers.
template <class T>
Index panel_width(Index rows) {
  return most_vectors(divide_up(rows, divide_up(rows, kTileRows))) * kLanes<T>;
}

}  // namespace

template <class T>
PackedRight<T>::PackedRight(Index k, Index n, const T* b, Index b_row, Index b_col, Index rows)
    : k_(k), n_(n), width_(panel_width<T>(rows)), packed_(divide_up(n, width_) * width_ * k + kLanes<T>) {
  const Factor<T> from(b, k, n, b_row, b_col);
  for (Index j = 0; j < n; j += width_) {
    const Index columns = std::min(width_, n - j);
    pack(packed_.data() + j * k, divide_up(columns, kLanes<T>) * kLanes<T>, columns, k, from.at(0, j), b_col,
         b_row, from.end);
  }
}

template <class T>
void PackedRight<T>::multiply(Index m, const T* a, Index a_row, T* c, Index c_row, bool accumulate,
                              const T* bias) const {
  if (m == 0) return;
  // A tile of fewer vectors may have more rows.
  const Pieces rows(m, std::min<Index>(kTileRows, kTileRows * kTileVectors / (width_ / kLanes<T>)));
  const Pieces terms(k_, kBlockTerms<T>);
  const Index panels = divide_up(n_, width_);
  const Index work = std::max<Index>(m, 2) * k_ * width_;
  parallel_for(panels, std::max<Index>(kGemmParallelWork / 2 / work, 1), [&](Index begin, Index end) {
    for (Index p = 0; p < terms.count; ++p) {
      for (Index j = begin; j < end; ++j) {
        const Index columns = std::min(width_, n_ - j * width_);
        const Index step = divide_up(columns, kLanes<T>) * kLanes<T>;
        for (Index i = 0; i < rows.count; ++i) {
          const TileEnd<T> tile_end{c + rows.begin(i) * c_row + j * width_,
                                    c_row,
                                    1,
                                    accumulate || p > 0,
                                    bias != nullptr && p == 0 ? bias + j * width_ : nullptr,
                                    0,
                                    1,
                                    false};
          const TileRun run{0, 0};
          choose_tile<T>(rows.size(i), columns)({&run, 1, terms.size(p)},
                                                a + rows.begin(i) * a_row + terms.begin(p), a_row, 1,
                                                panel(j) + terms.begin(p) * step, step, columns, tile_end);
        }
      }
    }
  });
}

template class PackedRight<float>;
template class PackedRight<double>;

}  // namespace fastnn
