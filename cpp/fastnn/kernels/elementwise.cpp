#include "fastnn/kernels/elementwise.h"

#include <array>
#include <optional>

#include "fastnn/core/offsets.h"
#include "fastnn/core/parallel.h"
#include "fastnn/core/shape.h"
#include "fastnn/kernels/stream.h"
#include "fastnn/kernels/strided.h"

namespace fastnn {
namespace {

// Rows shorter than this are gathered many at a time: a call for each would cost more than its work.
constexpr Index kShortRow = 32;
// Elements of one operand's scratch, on the stack.
template <class T>
constexpr Index kScratch = 16384 / static_cast<Index>(sizeof(T));
// Rows of a tile: two cache lines of a transposed array at a time keep the memory busy.
template <class T>
constexpr Index kTileHeight = 128 / static_cast<Index>(sizeof(T));

/// The walk over collapsed dimensions: `rows` rows of `columns` elements each, out's rows one after another.
template <class T, class Out>
struct Walk {
  Dims shape;
  std::array<Dims, kMaxOperands> strides;
  std::array<const T*, kMaxOperands> data;
  int count;
  Out* out;
  Chunk<T, Out> f;
  Index rows, columns;
  bool past_caches;

  Index stride(int k) const { return strides[k].size() == 0 ? 0 : strides[k].back(); }
  bool gathered(int k) const { return stride(k) != 0 && stride(k) != 1; }
  /// Whether an operand lies along the rows' columns: several rows share its cache lines.
  bool transposed(int k) const {
    return gathered(k) && shape.size() > 1 && strides[k][shape.size() - 2] == 1;
  }

  /// The offsets of an operand's rows, from row `first` on.
  Offsets rows_of(int k, Index first) const { return Offsets(shape, strides[k], shape.size() - 1, first); }

  /// f, into memory that may be too much for the caches.
  void apply(Index n, Operand<T>* in, Out* to) const {
    if (!past_caches) return f(n, in, to);
    constexpr Index piece = 8192 / sizeof(Out);
    alignas(64) Out scratch[piece];
    for (Index i = 0; i < n; i += piece) {
      const Index size = std::min(piece, n - i);
      f(size, in, scratch);
      stream(scratch, size, to + i);
      for (int k = 0; k < count; ++k) in[k].data += size * in[k].step;
    }
    stream_done();
  }

  /// Elements [begin, end) of the only row.
  void row(Index begin, Index end) const {
    Operand<T> in[kMaxOperands];
    for (int k = 0; k < count; ++k) in[k] = {data[k] + begin * stride(k), stride(k)};
    apply(end - begin, in, out + begin);
  }

  /// `height` rows from `first` on, columns [begin, end). Height above 1 only within one outermost index.
  void tile(Index first, Index height, Index begin, Index end) const {
    alignas(64) T scratch[kMaxOperands][kScratch<T>];
    const Index width = end - begin;
    Operand<T> in[kMaxOperands];
    Index row_step[kMaxOperands];
    for (int k = 0; k < count; ++k) {
      const T* from = data[k] + *rows_of(k, first) + begin * stride(k);
      const Index step = shape.size() > 1 ? strides[k][shape.size() - 2] : 0;
      in[k] = {from, stride(k)};
      row_step[k] = step;
      if (!gathered(k)) continue;
      copy_tile(from, step, stride(k), height, width, scratch[k]);
      in[k] = {scratch[k], 1};
      row_step[k] = width;
    }
    for (Index i = 0; i < height; ++i) {
      f(width, in, out + (first + i) * columns + begin);
      for (int k = 0; k < count; ++k) in[k].data += row_step[k];
    }
  }

  /// Rows [first, last), each as it lies.
  void long_rows(Index first, Index last) const {
    std::optional<Offsets> offsets[kMaxOperands];
    for (int k = 0; k < count; ++k) offsets[k].emplace(shape, strides[k], shape.size() - 1, first);
    Operand<T> in[kMaxOperands];
    for (Index row = first; row < last; ++row) {
      for (int k = 0; k < count; ++k) {
        in[k] = {data[k] + **offsets[k], stride(k)};
        ++*offsets[k];
      }
      apply(columns, in, out + row * columns);
    }
  }

  /// Whether all rows of an operand follow each other without gaps.
  bool dense(int k) const {
    Index step = 1;
    for (int i = shape.size() - 1; i >= 0; --i) {
      if (strides[k][i] != step) return false;
      step *= shape[i];
    }
    return true;
  }

  /// Whether all rows of an operand are the same.
  bool one_row(int k) const {
    for (int i = 0; i < shape.size() - 1; ++i) {
      if (strides[k][i] != 0) return false;
    }
    return true;
  }

  /// Rows [first, last), `height` at a time in one piece; height times columns fit the scratch.
  void short_rows(Index first, Index last, Index height) const {
    alignas(64) T scratch[kMaxOperands][kScratch<T>];
    bool filled[kMaxOperands] = {};
    for (Index row = first; row < last; row += height) {
      const Index end = std::min(row + height, last);
      Operand<T> in[kMaxOperands];
      for (int k = 0; k < count; ++k) {
        if (dense(k)) {
          in[k] = {data[k] + row * columns, 1};
          continue;
        }
        in[k] = {scratch[k], 1};
        if (filled[k]) continue;
        Offsets offset = rows_of(k, row);
        for (Index r = 0; r < end - row; ++r, ++offset) {
          copy_strided(data[k] + *offset, stride(k), columns, scratch[k] + r * columns);
        }
        filled[k] = one_row(k);
      }
      f((end - row) * columns, in, out + row * columns);
    }
  }
};

/// Cuts n elements into blocks of about `grain` that two or four threads can share evenly, each a multiple of
/// `line`. By size alone, as all blocks are.
Index even_grain(Index n, Index grain, Index line) {
  if (n <= grain + grain / 2) return n;  // too little to share
  const Index blocks = (n + 4 * grain - 1) / (4 * grain) * 4;
  return ((n + blocks - 1) / blocks + line - 1) / line * line;
}

/// Puts the dimensions in the order in which out lies in memory.
template <class T, class Out>
void order_as_out(Dims& shape, Dims out_strides, Walk<T, Out>& w) {
  for (int i = 1; i < shape.size(); ++i) {
    for (int j = i; j > 0 && out_strides[j - 1] < out_strides[j]; --j) {
      std::swap(out_strides[j - 1], out_strides[j]);
      std::swap(shape[j - 1], shape[j]);
      for (int k = 0; k < w.count; ++k) std::swap(w.strides[k][j - 1], w.strides[k][j]);
    }
  }
}

}  // namespace

template <class T, class Out>
void walk(const View<const T>* operands, int count, const View<Out>& out, Index grain, Chunk<T, Out> f) {
  const Index size = out.size();
  if (size == 0) return;
  Walk<T, Out> w;
  w.count = count;
  w.out = out.data;
  w.f = f;
  w.shape = out.shape;
  for (int k = 0; k < count; ++k) {
    w.data[k] = operands[k].data;
    w.strides[k] = operands[k].strides;
  }
  if (!out.is_contiguous()) order_as_out(w.shape, out.strides, w);
  collapse(w.shape, w.strides.data(), count);
  w.columns = w.shape.size() == 0 ? 1 : w.shape.back();
  w.rows = size / w.columns;

  Index bytes = size * static_cast<Index>(sizeof(Out));
  bool any_gathered = false, any_transposed = false;
  for (int k = 0; k < count; ++k) {
    any_gathered = any_gathered || w.gathered(k);
    any_transposed = any_transposed || w.transposed(k);
    bytes += w.dense(k) ? size * static_cast<Index>(sizeof(T)) : 0;
  }
  w.past_caches = bytes > 2 * last_cache_bytes();
  if (w.rows == 1 && !any_gathered) {
    parallel_for(size, even_grain(size, grain, 64), [&](Index begin, Index end) { w.row(begin, end); });
  } else if (w.columns < kShortRow) {
    const Index height = kScratch<T> / w.columns;
    parallel_for(w.rows, std::max<Index>(1, grain / (height * w.columns)) * height,
                 [&](Index begin, Index end) { w.short_rows(begin, end, height); });
  } else if (!any_gathered && w.columns <= grain) {
    parallel_for(w.rows, even_grain(w.rows, grain / w.columns, 1),
                 [&](Index begin, Index end) { w.long_rows(begin, end); });
  } else {
    // Tiles of a block of neighbouring rows by a block of columns.
    const Index inner_rows = w.shape.size() > 1 ? w.shape[w.shape.size() - 2] : 1;
    const Index height = any_transposed ? std::min(kTileHeight<T>, inner_rows) : 1;
    const Index width = std::min(w.columns, any_gathered ? kScratch<T> / height : grain);
    const Index down = (inner_rows + height - 1) / height;
    const Index across = (w.columns + width - 1) / width;
    parallel_for(w.rows / inner_rows * down * across, std::max<Index>(1, grain / (height * width)),
                 [&](Index begin, Index end) {
                   for (Index i = begin; i < end; ++i) {
                     const Index column = i % across * width;
                     const Index inner_row = i / across % down * height;
                     w.tile(i / across / down * inner_rows + inner_row,
                            std::min(height, inner_rows - inner_row), column,
                            std::min(column + width, w.columns));
                   }
                 });
  }
}

#define FASTNN_WALK(T, Out) \
  template void walk(const View<const T>*, int, const View<Out>&, Index, Chunk<T, Out>);
FASTNN_WALK(float, float)
FASTNN_WALK(double, double)
FASTNN_WALK(float, bool)
FASTNN_WALK(double, bool)
#undef FASTNN_WALK

}  // namespace fastnn
