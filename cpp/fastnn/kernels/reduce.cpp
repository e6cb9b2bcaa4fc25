#include "fastnn/kernels/reduce.h"

#include <algorithm>
#include <cstdlib>

#include "fastnn/core/buffer.h"
#include "fastnn/core/offsets.h"
#include "fastnn/core/parallel.h"
#include "fastnn/core/shape.h"
#include "fastnn/kernels/pairwise.h"
#include "fastnn/kernels/strided.h"

namespace fastnn {
namespace {

constexpr Index kGrain = 32768;  // elements that keep one thread busy

/// The n elements from `x` on with a stride, contiguous.
template <class T>
const T* contiguous(const T* x, Index stride, Index n, T* scratch) {
  if (stride == 1) return x;
  copy_strided(x, stride, n, scratch);
  return scratch;
}

/// x with the dimensions that stay and those that are summed over apart, each sorted and collapsed.
template <class T>
struct Reduction {
  const T* x;
  T* out;
  double divisor;
  Dims kept, kept_strides[2];  // of x and of out
  Dims summed, summed_strides;
  Index outputs = 1, terms = 1;

  /// Blocks of terms that are added separately, one after the other in `partial` for each output.
  Index blocks = 1;
  double* partial = nullptr;

  void finish(Index output, double sum) const {
    out[*Offsets(kept, kept_strides[1], kept.size(), output)] = static_cast<T>(sum / divisor);
  }

  template <class Sum>
  void run(Index units, Index unit_terms, Sum sum) {
    Buffer<double> sums(blocks > 1 ? outputs * blocks : 0);
    partial = sums.data();
    parallel_for(units, std::max<Index>(1, kGrain / unit_terms), [&](Index begin, Index end) {
      for (Index unit = begin; unit < end; ++unit) sum(unit);
    });
    if (blocks == 1) return;
    parallel_for(outputs, std::max<Index>(1, kGrain / blocks), [&](Index begin, Index end) {
      for (Index i = begin; i < end; ++i) {
        Pairwise total;
        for (Index b = 0; b < blocks; ++b) total.add(partial[i * blocks + b]);
        finish(i, total.total());
      }
    });
  }

  /// Each output adds up rows of its own: the fastest where the terms of an output lie together.
  void along_rows() {
    const Index columns = summed.back();
    const Index stride = summed_strides.back();
    const Index pieces = (columns + kSumLeaf - 1) / kSumLeaf;  // of a row
    const Index leaves = terms / columns * pieces;
    const Index block_leaves = std::max<Index>(1, kGrain / std::min(columns, kSumLeaf));
    blocks = (leaves + block_leaves - 1) / block_leaves;
    run(outputs * blocks, std::min(terms, kGrain), [&](Index unit) {
      const Index output = unit / blocks;
      const Index block = unit % blocks;
      const T* from = x + *Offsets(kept, kept_strides[0], kept.size(), output);
      const Index first = block * block_leaves;
      Offsets row(summed, summed_strides, summed.size() - 1, first / pieces);
      Index piece = first % pieces;
      T scratch[kSumLeaf];
      Pairwise total;
      for (Index leaf = first; leaf < std::min(first + block_leaves, leaves); ++leaf) {
        const Index n = std::min(kSumLeaf, columns - piece * kSumLeaf);
        const T* data = contiguous(from + *row + piece * kSumLeaf * stride, stride, n, scratch);
        total.add(sum_contiguous(data, n));
        if (++piece == pieces) {
          piece = 0;
          ++row;
        }
      }
      if (blocks > 1) {
        partial[unit] = total.total();
      } else {
        finish(output, total.total());
      }
    });
  }

  /// Rows of neighbouring outputs are added to each other.
  void across_rows() {
    const Index columns = kept.back();
    const Index stride = kept_strides[0].back();
    const Index width = std::min(columns, kSumColumns);
    const Index pieces = (columns + width - 1) / width;
    const Index height = std::clamp(4 * kGrain / width / kSumLeafRows * kSumLeafRows, kSumLeafRows, kSumRows);
    blocks = (terms + height - 1) / height;
    run(outputs / columns * pieces * blocks, width * std::min(terms, height), [&](Index unit) {
      const Index block = unit % blocks;
      const Index begin = unit / blocks % pieces * width;
      const Index line = unit / blocks / pieces;
      const Index n = std::min(width, columns - begin);
      const T* from = x + *Offsets(kept, kept_strides[0], kept.size() - 1, line) + begin * stride;
      Offsets row(summed, summed_strides, summed.size(), block * height);
      Index left = std::min(height, terms - block * height);

      PairwiseRows sums(n);
      alignas(64) T scratch[4][kSumColumns];
      while (left > 0) {
        double* acc = sums.next();
        for (Index end = std::max<Index>(0, left - kSumLeafRows); left > end;) {
          const T* rows[4];
          const Index count = std::min<Index>(4, left - end);
          for (Index i = 0; i < count; ++i, ++row) rows[i] = contiguous(from + *row, stride, n, scratch[i]);
          switch (count) {
            case 1:
              add_rows<1>(rows, n, acc);
              break;
            case 2:
              add_rows<2>(rows, n, acc);
              break;
            case 3:
              add_rows<3>(rows, n, acc);
              break;
            default:
              add_rows<4>(rows, n, acc);
          }
          left -= count;
        }
        sums.take();
      }
      double* total = sums.total();
      const Index output = line * columns + begin;
      if (blocks > 1) {
        for (Index j = 0; j < n; ++j) partial[(output + j) * blocks + block] = total[j];
      } else {
        T* to = out + *Offsets(kept, kept_strides[1], kept.size(), output);
        const Index step = kept_strides[1].back();
        if (divisor != 1) {  // dividing costs more than all the adding
          for (Index j = 0; j < n; ++j) total[j] /= divisor;
        }
        for (Index j = 0; j < n; ++j) to[j * step] = static_cast<T>(total[j]);
      }
    });
  }
};

/// Puts the dimension with the smallest step last.
void sort_by_stride(Dims& shape, Dims* strides, int operands) {
  for (int i = 1; i < shape.size(); ++i) {
    for (int j = i; j > 0 && std::abs(strides[0][j - 1]) < std::abs(strides[0][j]); --j) {
      std::swap(shape[j - 1], shape[j]);
      for (int k = 0; k < operands; ++k) std::swap(strides[k][j - 1], strides[k][j]);
    }
  }
}

}  // namespace

template <class T>
void reduce_sum(const View<const T>& x, double divisor, const View<T>& out) {
  Reduction<T> r;
  r.x = x.data;
  r.out = out.data;
  r.divisor = divisor;
  for (int i = 0; i < x.ndim(); ++i) {
    if (out.shape[i] == x.shape[i]) {
      r.kept.push_back(x.shape[i]);
      r.kept_strides[0].push_back(x.strides[i]);
      r.kept_strides[1].push_back(out.strides[i]);
      r.outputs *= x.shape[i];
    } else {
      r.summed.push_back(x.shape[i]);
      r.summed_strides.push_back(x.strides[i]);
      r.terms *= x.shape[i];
    }
  }
  if (r.outputs == 0) return;
  sort_by_stride(r.kept, r.kept_strides, 2);
  sort_by_stride(r.summed, &r.summed_strides, 1);
  collapse(r.kept, r.kept_strides, 2);
  collapse(r.summed, &r.summed_strides, 1);
  if (r.terms == 0) {
    for (Index i = 0; i < r.outputs; ++i) r.finish(i, 0);
    return;
  }
  if (r.summed.size() == 0) {  // one term each
    r.summed.push_back(1);
    r.summed_strides.push_back(1);
  }
  constexpr Index few = 16;
  const bool together =
      r.kept.size() == 0 || std::abs(r.summed_strides.back()) <= std::abs(r.kept_strides[0].back());
  const bool side_by_side = r.kept.size() > 0 && r.kept.back() >= few;
  if (together && !(r.terms < few && side_by_side)) {
    r.along_rows();
  } else {
    r.across_rows();
  }
}

template void reduce_sum(const View<const float>&, double, const View<float>&);
template void reduce_sum(const View<const double>&, double, const View<double>&);

}  // namespace fastnn
