// The gradient of a convolution's kernel: for each line of taps one product over images x outputs, whose rows
// are the taps and channels that lie side by side in a line of the input, and whose runs of terms are lines
// of outputs.
#include <algorithm>

#include "fastnn/core/buffer.h"
#include "fastnn/core/parallel.h"
#include "fastnn/kernels/conv_few.h"
#include "fastnn/kernels/conv_lines.h"
#include "fastnn/kernels/gemm_product.h"
#include "fastnn/kernels/gemm_tile.h"

namespace fastnn {
namespace {

// Copied input that is worked on at once, and lines of outputs: bound the workspace.
constexpr Index kChunkBytes = Index{1} << 23;
constexpr Index kChunkLines = 4096;
// Terms after which the next tile has its turn: their rows of dy stay in the L1 cache, their input in the L2.
constexpr Index kTurnTerms = 256;
constexpr Index kTurnBytes = Index{1} << 18;
// Tiles in one panel of dkernel that are worth a packed copy of dy.
constexpr Index kPackTiles = 8;
// Tasks that are wanted, multiplications that are worth one, and elements of dkernel in all their sums.
constexpr Index kGradientTasks = 16;
constexpr Index kSliceWork = Index{1} << 21;
constexpr Index kSliceElements = Index{1} << 20;

template <class T>
class KernelGradients {
 public:
  explicit KernelGradients(const KernelGradient<T>& c)
      : c_(c),
        depth_(c.axes[0]),
        height_(c.axes[1]),
        width_(c.axes[2]),
        all_channels_(c.groups * c.channels),
        all_filters_(c.groups * c.filters),
        image_lines_(depth_.out * height_.out),
        lines_(width_, c.x, all_channels_),
        merged_(merges(width_, lines_.pixel, c.groups, c.channels)),
        rows_(c.channels * (merged_ ? width_.size() : 1), kTileRows),
        columns_(c.filters, most_vectors(rows_.size(0)) * kLanes<T>, kLanes<T>),
        panels_(c.groups * columns_.count),
        image_size_(depth_.in * height_.in * lines_.size()),
        size_(depth_.size() * height_.size() * width_.size() * c.channels * all_filters_),
        turn_(std::max<Index>(turn_terms() / width_.out, 1)),
        chunks_(c.images, chunk_images()),
        slices_(chunks_.size(0) * image_lines_, slice_lines()) {}

  void run() {
    find_runs();
    Buffer<T> copies(lines_.direct ? 0 : chunks_.size(0) * image_size_);
    Buffer<T> parts(slices_.count > 1 ? slices_.count * size_ : 0);
    T* const sums = slices_.count > 1 ? parts.data() : c_.dkernel;
    const Index tasks = slices_.count * panels_;
    for (Index chunk = 0; chunk < chunks_.count; ++chunk) {
      const Index image = chunks_.begin(chunk), images = chunks_.size(chunk);
      const T* x = c_.x.data + image * c_.x.image;
      if (!lines_.direct) {
        copy_lines(x, images, copies.data());
        x = copies.data();
      }
      const T* dy = c_.dy + image * image_lines_ * width_.out * all_filters_;
      parallel_for(tasks, work() >= kGemmParallelWork ? 1 : tasks, [&](Index begin, Index end) {
        for (Index task = begin; task < end; ++task) {
          const Index slice = task / panels_, first = slices_.begin(slice);
          const Index last = std::min(first + slices_.size(slice), images * image_lines_);
          compute(x, dy, first, last, task % panels_, chunk > 0, sums + slice * size_);
        }
      });
    }
    if (slices_.count > 1) add_up(sums, slices_.count, size_, c_.dkernel);
  }

 private:
  /// Multiplications for a chunk.
  Index work() const { return chunks_.size(0) * image_lines_ * width_.out * (size_ / c_.groups); }

  Index turn_terms() const {
    return std::min(kTurnTerms, kTurnBytes / (width_.step * all_channels_ * static_cast<Index>(sizeof(T))));
  }

  Index chunk_images() const {
    const Index bytes = lines_.direct ? 1 : image_size_ * static_cast<Index>(sizeof(T));
    return std::max<Index>(std::min(kChunkLines / image_lines_, kChunkBytes / bytes), 1);
  }

  /// Few panels of dkernel leave outputs to share out: each slice of their lines has a sum of its own.
  Index slice_lines() const {
    const Index most = std::min(kSliceElements / size_, work() / kSliceWork);
    const Index count =
        std::clamp<Index>(std::min(divide_up(kGradientTasks, panels_), most), 1, kGradientTasks);
    return divide_up(chunks_.size(0) * image_lines_, count);
  }

  void copy_lines(const T* x, Index images, T* to) const {
    const Index all = images * depth_.in * height_.in, grain = std::max<Index>(kPackWork / lines_.size(), 1);
    parallel_for(all, grain, [&](Index begin, Index end) {
      for (Index i = begin; i < end; ++i) {
        const Index line = i % height_.in, plane = i / height_.in % depth_.in;
        const Index image = i / height_.in / depth_.in;
        lines_.copy(x + image * c_.x.image + plane * c_.x.at[0] + line * c_.x.at[1], to + i * lines_.size());
      }
    });
  }

  /// For each line of taps, the lines of inputs and (their numbers) outputs of a chunk that meet there.
  void find_runs() {
    const Index plane = lines_.direct ? c_.x.at[0] : height_.in * lines_.size();
    const Index line = lines_.direct ? c_.x.at[1] : lines_.size();
    const Index image = lines_.direct ? c_.x.image : image_size_;
    for (const ConvTap& d : depth_.taps) {
      for (const ConvTap& h : height_.taps) {
        std::vector<TileRun>& runs = runs_.emplace_back();
        for (Index n = 0; n < chunks_.size(0); ++n) {
          for (Index i = 0; i < depth_.out; ++i) {
            const Index from = i * depth_.step + d.offset;
            if (from < 0 || from >= depth_.in) continue;
            for (Index j = 0; j < height_.out; ++j) {
              const Index at = j * height_.step + h.offset;
              if (at < 0 || at >= height_.in) continue;
              runs.push_back({n * image + from * plane + at * line, n * image_lines_ + i * height_.out + j});
            }
          }
        }
      }
    }
  }

  /// Adds to a panel of sums what lines [first, last) of the outputs of a chunk give.
  void compute(const T* x, const T* dy, Index first, Index last, Index task, bool accumulate, T* sums) const {
    const Index group = task / columns_.count, j = task % columns_.count, columns = columns_.columns(j);
    x += group * c_.channels - lines_.first * lines_.pixel;
    const Index filter = group * c_.filters + columns_.begin(j);
    dy += filter;
    sums += filter;
    const Index wide = divide_up(columns, kLanes<T>) * kLanes<T>, blocks = merged_ ? 1 : width_.size();
    const bool packs = rows_.count * blocks * static_cast<Index>(runs_.size()) >= kPackTiles;
    Buffer<T> packed(packs ? turn_ * width_.out * wide : 0);
    const Index row = packs ? wide : all_filters_;
    std::vector<TileRun> here;
    for (; first < last; first += turn_, accumulate = true) {
      const Index stop = std::min(first + turn_, last);
      const T* line = dy + first * width_.out * all_filters_;
      if (packs) {
        T* to = packed.data();
        for (Index o = first * width_.out; o < stop * width_.out; ++o, line += all_filters_, to += wide) {
          for (Index v = 0; v < wide; v += kLanes<T>) store(to + v, load(line + v));
        }
        line = packed.data();
      }
      T* to = sums;
      for (const std::vector<TileRun>& runs : runs_) {
        const auto before = [](const TileRun& run, Index output) { return run.b < output; };
        here.assign(std::lower_bound(runs.begin(), runs.end(), first, before),
                    std::lower_bound(runs.begin(), runs.end(), stop, before));
        for (TileRun& run : here) run.b = (run.b - first) * width_.out * row;
        const TileRuns terms{here.data(), static_cast<Index>(here.size()), width_.out};
        for (Index tap = 0; tap < blocks; ++tap) {
          const T* left = x + width_.taps[tap].offset * lines_.pixel;
          for (Index i = 0; i < rows_.count; ++i) {
            const Index at = rows_.begin(i);
            choose_tile<T>(rows_.size(i), columns)(
                terms, left + at, 1, width_.step * lines_.pixel, line, row, columns,
                {to + at * all_filters_, all_filters_, 1, accumulate, nullptr, 0, 1, false});
          }
          to += width_.size() / blocks * c_.channels * all_filters_;
        }
      }
    }
  }

  const KernelGradient<T>& c_;
  const ConvAxis &depth_, &height_, &width_;
  const Index all_channels_, all_filters_, image_lines_;
  const ConvLines<T> lines_;
  const bool merged_;
  const Pieces rows_;
  const Panels columns_;
  const Index panels_, image_size_, size_;
  const Index turn_;  // in lines of outputs
  const Pieces chunks_, slices_;
  std::vector<std::vector<TileRun>> runs_;
};

}  // namespace

template <class T>
void kernel_gradient(const KernelGradient<T>& c) {
  if (c.images * c.axes[0].out * c.axes[1].out * c.axes[2].out == 0) {
    Index size = c.groups * c.filters * c.channels;
    for (const ConvAxis& axis : c.axes) size *= axis.size();
    std::fill_n(c.dkernel, size, T(0));
  } else if (fills_few_lanes(c)) {
    kernel_gradient_few(c);
  } else {
    KernelGradients<T>(c).run();
  }
}

template void kernel_gradient(const KernelGradient<float>&);
template void kernel_gradient(const KernelGradient<double>&);

}  // namespace fastnn
