#include "fastnn/kernels/recurrent.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "fastnn/core/buffer.h"
#include "fastnn/kernels/gemm_product.h"

namespace fastnn {
namespace {

// A block of rows goes through the sequence by itself where its recurrent kernel fits the L2 cache.
constexpr Index kPrivateBytes = Index{3} << 19;
constexpr Index kBlockOfBatch = 16, kSmallBlockOfBatch = 4;
// Rows, of several steps together, in one product with the kernel of x.
constexpr Index kRowsOfInputs = 64;

template <class T>
void copy_rows(Index rows, Index n, const T* from, Index from_row, T* to, Index to_row) {
  for (Index r = 0; r < rows; ++r) std::copy_n(from + r * from_row, n, to + r * to_row);
}

/// Rows [begin, begin + rows) of the batch.
template <class T>
struct RowBlock {
  RowBlock(const Sequences<T>& of_, const RecurrentCell<T>& cell_, bool ones, Index begin_, Index rows_)
      : of(of_),
        cell(cell_),
        begin(begin_),
        rows(rows_),
        chunk(std::min(divide_up(kRowsOfInputs, rows), of.time)),
        state(of.features + ones),
        operands(state + cell.units) {}

  Index time_of(Index step) const { return of.go_backwards ? of.time - 1 - step : step; }
  bool masked(Index r, Index step) const {
    return of.mask != nullptr && !of.mask[(begin + r) * of.time + time_of(step)];
  }
  const T* x(Index r, Index step) const {
    return of.x + ((begin + r) * of.time + time_of(step)) * of.features;
  }
  /// A state to begin with, in `to`.
  void first(const T* given, T* to, Index to_row) const {
    for (Index r = 0; r < rows; ++r) {
      if (given != nullptr) {
        std::copy_n(given + (begin + r) * cell.units, cell.units, to + r * to_row);
      } else {
        std::fill_n(to + r * to_row, cell.units, T(0));
      }
    }
  }
  /// Rows at a step of y or of its gradient.
  Index y(Index step) const { return (begin * of.steps(cell.carries) + (of.every ? step : 0)) * cell.units; }
  Index y_row() const { return of.steps(cell.carries) * cell.units; }
  bool gives(Index step) const { return of.every || step + 1 == of.time; }
  bool gives_carry() const { return of.state && cell.carries; }
  Index carry() const { return (begin + 1) * y_row() - cell.units; }

  const Sequences<T>& of;
  const RecurrentCell<T>& cell;
  const Index begin, rows;
  const Index chunk;            // steps whose inputs are multiplied together
  const Index state, operands;  // where the state begins in a row of operands; elements of such a row
};

template <class T>
void forward_block(const RowBlock<T>& b, const PackedRight<T>& kernel, bool ones, const KeptSteps<T>& kept,
                   T* y) {
  const Index units = b.cell.units, width = b.cell.width, time = b.of.time;
  const bool keep = kept.gates != nullptr;
  // Without a backward walk, a few steps' room serves in turn.
  const Index slots = keep ? time : std::max<Index>(b.chunk, 2);
  Buffer<T> own(keep ? 0 : slots * b.rows * (b.operands + width + units));
  T* operands = keep ? kept.operands + b.begin * time * b.operands : own.data();
  T* gates = keep ? kept.gates + b.begin * time * width : operands + slots * b.rows * b.operands;
  T* cells = keep ? kept.cells : gates + slots * b.rows * width;
  if (keep && b.cell.carries) cells += b.begin * time * units;
  Buffer<T> states((b.cell.carries ? 2 : 1) * b.rows * units);
  T *h = states.data(), *c = h + b.rows * units;
  if (b.cell.carries) b.first(b.of.c, c, units);
  b.first(b.of.h, operands + b.state, b.operands);

  for (Index from = 0; from < time; from += b.chunk) {
    const Index steps = std::min(b.chunk, time - from);
    T* row = operands + from % slots * b.rows * b.operands;
    for (Index step = from; step < from + steps; ++step) {
      for (Index r = 0; r < b.rows; ++r, row += b.operands) {
        // What stands in a masked step, even NaN, reaches neither results nor gradients.
        b.masked(r, step) ? std::fill_n(row, b.of.features, T(0))
                          : std::copy_n(b.x(r, step), b.of.features, row);
        if (ones) row[b.of.features] = 1;
      }
    }
    kernel.multiply(steps * b.rows, row - steps * b.rows * b.operands, b.operands,
                    gates + from % slots * b.rows * width, width, false, b.of.bias);
    for (Index step = from; step < from + steps; ++step) {
      const T* before = operands + step % slots * b.rows * b.operands + b.state;
      T* c_after = b.cell.carries ? cells + step % slots * b.rows * units : nullptr;
      b.cell.forward({b.rows, before, b.operands, c, gates + step % slots * b.rows * width}, h, c_after);
      for (Index r = 0; r < b.rows; ++r) {
        if (!b.masked(r, step)) continue;
        std::copy_n(before + r * b.operands, units, h + r * units);
        if (b.cell.carries) std::copy_n(c + r * units, units, c_after + r * units);
      }
      c = c_after;
      if (step + 1 < time) {
        T* next = operands + (step + 1) % slots * b.rows * b.operands + b.state;
        copy_rows(b.rows, units, h, units, next, b.operands);
      }
      if (b.gives(step)) copy_rows(b.rows, units, h, units, y + b.y(step), b.y_row());
    }
  }
  if (b.gives_carry()) copy_rows(b.rows, units, c, units, y + b.carry(), b.y_row());
}

template <class T>
void backward_block(const RowBlock<T>& b, const PackedRight<T>* kernel, const KeptSteps<const T>& kept,
                    const T* dy, T* dz, T* dx, T* dh_first, T* dc_first) {
  const Index units = b.cell.units, width = b.cell.width, time = b.of.time, size = b.rows * units;
  const bool carries = b.cell.carries;
  const T* operands = kept.operands + b.begin * time * b.operands;
  const T* gates = kept.gates + b.begin * time * width;
  const T* cells = carries ? kept.cells + b.begin * time * units : nullptr;
  dz += b.begin * time * width;
  Buffer<T> states((carries ? 5 : 2) * size), inputs(dx != nullptr ? b.chunk * b.rows * b.of.features : 0);
  T *dh = states.data(), *dh_before = dh + size;
  T *dc = dh + 2 * size, *dc_before = dh + 3 * size, *c_first = dh + 4 * size;
  std::fill_n(dh, size, T(0));
  if (carries) {
    b.first(b.of.c, c_first, units);
    std::fill_n(dc, size, T(0));
    if (b.gives_carry()) copy_rows(b.rows, units, dy + b.carry(), b.y_row(), dc, units);
  }

  for (Index end = time; end > 0;) {
    const Index from = (end - 1) / b.chunk * b.chunk, steps = end - from;
    for (Index step = end - 1; step >= from; --step) {
      if (b.gives(step)) {
        const T* given = dy + b.y(step);
        for (Index r = 0; r < b.rows; ++r) {
          for (Index i = 0; i < units; ++i) dh[r * units + i] += given[r * b.y_row() + i];
        }
      }
      T* dz_step = dz + step * b.rows * width;
      const T* c = carries ? cells + step * size : nullptr;
      const T* c_before = !carries || step == 0 ? c_first : c - size;
      // Backward reads the gates, and writes where it was told.
      const RecurrentStep<T> at{b.rows, operands + step * b.rows * b.operands + b.state, b.operands, c_before,
                                const_cast<T*>(gates) + step * b.rows * width};
      b.cell.backward(at, c, dh, dc, dz_step, dh_before, dc_before);
      for (Index r = 0; r < b.rows; ++r) {
        if (!b.masked(r, step)) continue;
        std::fill_n(dz_step + r * width, width, T(0));
        std::copy_n(dh + r * units, units, dh_before + r * units);
        if (carries) std::copy_n(dc + r * units, units, dc_before + r * units);
      }
      std::swap(dh, dh_before);
      std::swap(dc, dc_before);
    }
    if (dx != nullptr) {
      const Index features = b.of.features;
      kernel->multiply(steps * b.rows, dz + from * b.rows * width, width, inputs.data(), features);
      const T* row = inputs.data();
      for (Index step = from; step < end; ++step) {
        for (Index r = 0; r < b.rows; ++r, row += features) {
          std::copy_n(row, features, dx + ((b.begin + r) * time + b.time_of(step)) * features);
        }
      }
    }
    end = from;
  }
  if (dh_first != nullptr) std::copy_n(dh, size, dh_first + b.begin * units);
  if (dc_first != nullptr) std::copy_n(dc, size, dc_first + b.begin * units);
}

/// Rows of the products with the kernel of x.
template <class T>
Index rows_of_inputs(const Sequences<T>& of) {
  return std::min(std::max(of.block, kRowsOfInputs), of.block * of.time);
}

}  // namespace

Index recurrent_block(Index batch, Index kernel_bytes) {
  if (kernel_bytes > kPrivateBytes || batch <= kSmallBlockOfBatch) return std::max<Index>(batch, 1);
  return std::clamp(divide_up(batch, 2), kSmallBlockOfBatch, kBlockOfBatch);
}

template <class T>
void recurrent_forward(const Sequences<T>& of, const RecurrentCell<T>& cell, bool ones,
                       const KeptSteps<T>& kept, T* y) {
  if (of.batch == 0) return;
  const PackedRight<T> kernel(of.features, cell.inputs, of.kernel, cell.inputs, 1, rows_of_inputs(of));
  const Pieces blocks(of.batch, of.block);
  parallel_for(blocks.count, 1, [&](Index i, Index) {
    forward_block(RowBlock<T>(of, cell, ones, blocks.begin(i), blocks.size(i)), kernel, ones, kept, y);
  });
}

template <class T>
void recurrent_backward(const Sequences<T>& of, const RecurrentCell<T>& cell, bool ones,
                        const KeptSteps<const T>& kept, const T* dy, T* dz, T* dx, T* dh, T* dc) {
  if (of.batch == 0) return;
  std::optional<PackedRight<T>> kernel;
  if (dx != nullptr) kernel.emplace(cell.inputs, of.features, of.kernel, 1, cell.inputs, rows_of_inputs(of));
  const Pieces blocks(of.batch, of.block);
  parallel_for(blocks.count, 1, [&](Index i, Index) {
    backward_block(RowBlock<T>(of, cell, ones, blocks.begin(i), blocks.size(i)), kernel ? &*kernel : nullptr,
                   kept, dy, dz, dx, dh, dc);
  });
}

#define FASTNN_INSTANTIATE(T)                                                                              \
  template void recurrent_forward(const Sequences<T>&, const RecurrentCell<T>&, bool, const KeptSteps<T>&, \
                                  T*);                                                                     \
  template void recurrent_backward(const Sequences<T>&, const RecurrentCell<T>&, bool,                     \
                                   const KeptSteps<const T>&, const T*, T*, T*, T*, T*);
FASTNN_INSTANTIATE(float)
FASTNN_INSTANTIATE(double)
#undef FASTNN_INSTANTIATE

}  // namespace fastnn
