// Convolutions to few filters, which would leave lanes of the tile empty: here its vectors run along the
// outputs of an image, its rows are the filters. Channels lie in planes, so that a tap further is an element
// further; lines follow each other with their borders, so that the outputs of a band are one line, of which
// the borders are dropped.
#include "fastnn/kernels/conv_few.h"

#include <algorithm>

#include "fastnn/core/buffer.h"
#include "fastnn/core/parallel.h"
#include "fastnn/kernels/conv_lines.h"
#include "fastnn/kernels/gemm_product.h"
#include "fastnn/kernels/gemm_tile.h"
#include "fastnn/kernels/transpose.h"

namespace fastnn {
namespace {

// Bytes of planes that one task reads again and again.
constexpr Index kPlaneBytes = Index{1} << 17;
constexpr Index kFewWork = Index{1} << 20;

template <class T>
class FewFilters {
  static constexpr Index lanes = kLanes<T>;

 public:
  explicit FewFilters(const Correlation<T>& c)
      : c_(c),
        depth_(c.axes[0]),
        height_(c.axes[1]),
        width_(c.axes[2]),
        lines_(width_, c.x, c.channels, true),
        pitch_(lines_.size() / c.channels),
        bands_(height_.out, band_rows()),
        packed_(depth_.size() * height_.size() * width_.size() * c.channels * c.filters) {}

  void run() {
    pack_kernel();
    const Index tasks = c_.images * depth_.out * bands_.count;
    const Index rows = bands_.size(0), work = line_work() * rows;
    parallel_for(tasks, work * tasks >= kGemmParallelWork ? std::max<Index>(kFewWork / work, 1) : tasks,
                 [&](Index begin, Index end) {
                   Buffer<T> planes(depth_.size() * c_.channels * plane(rows) + lanes * kMostVectors);
                   Buffer<T> line(lines_.size()), sums(c_.filters * columns(rows) + lanes);
                   for (Index task = begin; task < end; ++task) {
                     const Index band = task % bands_.count, rest = task / bands_.count;
                     compute(rest / depth_.out, rest % depth_.out, bands_.begin(band), bands_.size(band),
                             planes.data(), line.data(), sums.data());
                   }
                 });
  }

 private:
  static constexpr Index kMostVectors = 8;

  Index line_work() const {
    return width_.out * depth_.size() * height_.size() * width_.size() * c_.channels * c_.filters;
  }
  Index band_rows() const {
    const Index line = depth_.size() * lines_.size() * static_cast<Index>(sizeof(T));
    return std::clamp<Index>(std::min(kPlaneBytes / line, std::max<Index>(kFewWork / line_work(), 1)), 1,
                             height_.out);
  }
  /// Elements of a plane under so many rows of outputs, and of a line of their sums in whole vectors.
  Index plane(Index rows) const {
    return (rows - 1 + height_.taps.back().offset - height_.lowest() + 1) * pitch_;
  }
  Index columns(Index rows) const { return divide_up((rows - 1) * pitch_ + width_.out, lanes) * lanes; }

  /// As many as the registers hold, or with a border above just enough to hide the latency of a multiply-add,
  /// so that more of it is left out.
  Index tile_columns() const {
    const Index most = most_vectors(c_.filters);
    return lanes * (height_.lowest() < 0 ? std::min(most, divide_up(10, c_.filters)) : most);
  }

  /// Taps and channels as terms, filters side by side.
  void pack_kernel() {
    T* to = packed_.data();
    for (Index channel = 0; channel < c_.channels; ++channel) {
      for (const ConvTap& d : depth_.taps) {
        for (const ConvTap& h : height_.taps) {
          for (const ConvTap& w : width_.taps) {
            const T* from = c_.kernel + d.tap * c_.kernel_tap[0] + h.tap * c_.kernel_tap[1] +
                            w.tap * c_.kernel_tap[2] + channel * c_.kernel_channel;
            for (Index f = 0; f < c_.filters; ++f) *to++ = from[f * c_.kernel_filter];
          }
        }
      }
    }
  }

  void compute(Index image, Index d, Index row, Index rows, T* planes, T* line, T* sums) {
    const Index size = plane(rows), first = row + height_.lowest();
    // Lines of zeros first: they are written in whole vectors, and what that writes too much is overwritten.
    for (const bool zeros : {true, false}) {
      for (Index t = 0; t < depth_.size(); ++t) {
        const Index at = d * depth_.step + depth_.taps[t].offset;
        const T* from = c_.x.data + image * c_.x.image + at * c_.x.at[0] + first * c_.x.at[1];
        T* to = planes + t * c_.channels * size;
        for (Index i = first; i < first + size / pitch_; ++i, to += pitch_, from += c_.x.at[1]) {
          const bool there = at >= 0 && at < depth_.in && i >= 0 && i < height_.in;
          if (there == zeros) continue;
          if (zeros) {
            for (Index channel = 0; channel < c_.channels; ++channel) {
              for (Index w = 0; w < pitch_; w += lanes) store(to + channel * size + w, Vec<T>{});
            }
          } else if (c_.channels == 1) {
            lines_.copy(from, to);
          } else {
            lines_.copy(from, line);
            scatter_pixels(line, pitch_, c_.channels, to, 1, size);
          }
        }
      }
    }

    std::vector<TileRun> runs;
    const Index taps = width_.size(), spacing = taps > 1 ? width_.taps[1].offset - width_.taps[0].offset : 0;
    const Index wide = columns(rows), step = tile_columns();
    Index low = -1, high = -1;  // lines of the kernel that the runs are of
    for (Index j = 0; j < wide; j += step) {
      const Index count = std::min(step, wide - j);
      // Lines of the kernel that meet nothing but zeros are left out.
      const Index top = first + j / pitch_, bottom = first + (j + count - 1) / pitch_;
      Index from = 0, to = height_.size();
      while (from < to && bottom + height_.taps[from].offset - height_.lowest() < 0) ++from;
      while (from < to && top + height_.taps[to - 1].offset - height_.lowest() >= height_.in) --to;
      if (from != low || to != high) find_runs(low = from, high = to, size, runs);
      const TileRuns terms{runs.data(), static_cast<Index>(runs.size()), taps};
      choose_tile<T>(c_.filters, count)(terms, packed_.data(), 1, c_.filters, planes + j, spacing, count,
                                        {sums + j, wide, 1, false, nullptr, 0, 0, false});
    }
    finish(sums, wide);
    T* y = c_.y.data + image * c_.y.image + d * c_.y.at[0] + row * c_.y.at[1];
    for (Index i = 0; i < rows; ++i) write(sums + i * pitch_, wide, y + i * c_.y.at[1]);
  }

  void find_runs(Index low, Index high, Index plane, std::vector<TileRun>& runs) const {
    runs.clear();
    for (Index channel = 0; channel < c_.channels; ++channel) {
      for (Index t = 0; t < depth_.size(); ++t) {
        for (Index h = low; h < high; ++h) {
          runs.push_back(
              {((channel * depth_.size() + t) * height_.size() + h) * width_.size() * c_.filters,
               (t * c_.channels + channel) * plane + (height_.taps[h].offset - height_.lowest()) * pitch_});
        }
      }
    }
  }

  void finish(T* sums, Index wide) const {
    for (Index f = 0; f < c_.filters; ++f, sums += wide) {
      if (c_.epilogue.bias != nullptr) {
        const Vec<T> bias = splat<Vec<T>>(c_.epilogue.bias[f]);
        for (Index i = 0; i < wide; i += lanes) store(sums + i, load(sums + i) + bias);
      }
      if (c_.epilogue.activation != Activation::linear) {
        activation_forward(c_.epilogue.activation, wide, sums, sums);
      }
    }
  }

  /// Writes a line of outputs, whose filters lie `step` apart.
  void write(const T* sums, Index step, T* y) const {
    const Index out = width_.out, filters = c_.filters, pixel = c_.y.at[2], channel = c_.y.channel;
    Index o = 0;
    if (channel == 1 && pixel == filters && filters <= lanes) {
      // Whole vectors are written: what they write past an output is the next one's place, written after it.
      const Index whole = out - divide_up(lanes - filters, filters);
      for (; o < whole; o += lanes) {
        Vec<T> rows[lanes];
#pragma GCC unroll 16
        for (Index f = 0; f < lanes; ++f) rows[f] = f < filters ? load(sums + f * step + o) : Vec<T>{};
        transpose<T>(rows);
        T* const to = y + o * filters;
        if (o + lanes <= whole) {
#pragma GCC unroll 16
          for (Index i = 0; i < lanes; ++i) store(to + i * filters, rows[i]);
        } else {
#pragma GCC unroll 16
          for (Index i = 0; i < lanes; ++i) {
            if (i < whole - o) store(to + i * filters, rows[i]);
          }
        }
      }
      o = std::max<Index>(whole, 0);
    }
    for (Index f = 0; f < filters; ++f) {
      for (Index i = o; i < out; ++i) y[i * pixel + f * channel] = sums[f * step + i];
    }
  }

  const Correlation<T>& c_;
  const ConvAxis &depth_, &height_, &width_;
  const ConvLines<T> lines_;
  const Index pitch_;
  const Pieces bands_;
  Buffer<T> packed_;
};

}  // namespace

template <class T>
void correlate_few(const Correlation<T>& c) {
  FewFilters<T>(c).run();
}

template void correlate_few(const Correlation<float>&);
template void correlate_few(const Correlation<double>&);

}  // namespace fastnn
