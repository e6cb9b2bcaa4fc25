// The gradient of a convolution's kernel: for each line of taps one product over images x outputs, whose rows
// are the taps and channels that lie side by side in a line of the input, and whose runs of terms are lines
// of outputs.
#include <algorithm>

#include "fastnn/core/buffer.h"
#include "fastnn/core/parallel.h"
#include "fastnn/kernels/conv_lines.h"
#include "fastnn/kernels/gemm_product.h"
#include "fastnn/kernels/gemm_tile.h"

namespace fastnn {
namespace {

// Copied input that is worked on at once, and lines of outputs: bound the workspace.
constexpr Index kChunkBytes = Index{1} << 23;
constexpr Index kChunkLines = 4096;
// Terms after which the next tile has its turn, so that their rows of dy stay in the L1 cache.
constexpr Index kTurnTerms = 256;
// Tiles, one below the other, of a task.
constexpr Index kTaskTiles = 8;
// Multiplications that are worth a sum of their own.
constexpr Index kSliceWork = Index{1} << 21;

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
        lines_(width_, c.x, all_channels_),
        merged_(merges(width_, lines_, c.groups, c.channels)),
        rows_(c.channels * (merged_ ? width_.size() : 1), kTileRows),
        columns_(c.filters, most_vectors(rows_.size(0)) * kLanes<T>, kLanes<T>),
        blocks_(depth_.size() * height_.size() * (merged_ ? 1 : width_.size())),
        towers_(rows_.count, kTaskTiles),
        tasks_(blocks_ * c.groups * towers_.count * columns_.count),
        image_size_(depth_.in * height_.in * lines_.size()),
        size_(depth_.size() * height_.size() * width_.size() * c.channels * all_filters_),
        chunks_(c.images, chunk_images()),
        slices_(chunks_.size(0), divide_up(chunks_.size(0), slice_count())) {}

  void run() {
    find_runs();
    Buffer<T> copies(lines_.direct ? 0 : chunks_.size(0) * image_size_);
    Buffer<T> parts(slices_.count > 1 ? slices_.count * size_ : 0);
    T* const sums = slices_.count > 1 ? parts.data() : c_.dkernel;
    for (Index chunk = 0; chunk < chunks_.count; ++chunk) {
      const Index image = chunks_.begin(chunk), images = chunks_.size(chunk);
      const T* x = c_.x.data + image * c_.x.image;
      if (!lines_.direct) {
        copy_lines(x, images, copies.data());
        x = copies.data();
      }
      const T* dy = c_.dy + image * outputs() * all_filters_;
      const bool parallel = work() >= kGemmParallelWork;
      const Index tasks = slices_.count * tasks_;
      parallel_for(tasks, parallel ? 1 : tasks, [&](Index begin, Index end) {
        for (Index task = begin; task < end; ++task) {
          const Index slice = task / tasks_, first = slices_.begin(slice);
          const Index last = std::min(first + slices_.size(slice), images);
          if (chunk == 0 || first < last) {
            compute(x, dy, first, last, task % tasks_, chunk > 0, sums + slice * size_);
          }
        }
      });
    }
    if (slices_.count > 1) add_up(sums);
  }

 private:
  Index outputs() const { return depth_.out * height_.out * width_.out; }
  Index work() const { return chunks_.size(0) * outputs() * size_ / c_.groups; }

  Index chunk_images() const {
    const Index lines = std::max<Index>(kChunkLines / (depth_.out * height_.out), 1);
    if (lines_.direct) return lines;
    return std::min(lines, std::max<Index>(kChunkBytes / (image_size_ * static_cast<Index>(sizeof(T))), 1));
  }

  /// A small kernel leaves nothing but images to share out: as many parts as that makes tasks.
  Index slice_count() const {
    return std::clamp<Index>(std::min(kMostTasks / tasks_, work() / kSliceWork), 1, chunks_.size(0));
  }

  void copy_lines(const T* x, Index images, T* to) const {
    const Index all = images * depth_.in * height_.in, grain = std::max<Index>(kPackWork / lines_.size(), 1);
    parallel_for(all, grain, [&](Index begin, Index end) {
      for (Index i = begin; i < end; ++i) {
        const Index line = i % height_.in, plane = i / height_.in % depth_.in,
                    image = i / height_.in / depth_.in;
        lines_.copy(x + image * c_.x.image + plane * c_.x.at[0] + line * c_.x.at[1], to + i * lines_.size());
      }
    });
  }

  /// For each line of taps, the lines of inputs and outputs that meet there, of all images of a chunk.
  void find_runs() {
    const Index plane = lines_.direct ? c_.x.at[0] : height_.in * lines_.size();
    const Index line = lines_.direct ? c_.x.at[1] : lines_.size();
    const Index image = lines_.direct ? c_.x.image : image_size_;
    for (const Tap& d : depth_.taps) {
      for (const Tap& h : height_.taps) {
        std::vector<Run>& runs = runs_.emplace_back();
        for (Index n = 0; n < chunks_.size(0); ++n) {
          for (Index i = 0; i < depth_.out; ++i) {
            const Index from = i * depth_.step + d.offset;
            if (from < 0 || from >= depth_.in) continue;
            for (Index j = 0; j < height_.out; ++j) {
              const Index at = j * height_.step + h.offset;
              if (at < 0 || at >= height_.in) continue;
              runs.push_back({n * image + from * plane + at * line,
                              ((n * depth_.out + i) * height_.out + j) * width_.out * all_filters_});
            }
          }
        }
      }
    }
  }

  /// Adds to a tower of tiles what images [first, last) of the chunk give.
  void compute(const T* x, const T* dy, Index first, Index last, Index task, bool accumulate, T* sums) const {
    const Index j = task % columns_.count, tower = task / columns_.count % towers_.count;
    const Index group = task / columns_.count / towers_.count % c_.groups;
    const Index block = task / columns_.count / towers_.count / c_.groups;
    const Index line = merged_ ? block : block / width_.size(), tap = merged_ ? 0 : block % width_.size();
    const std::vector<Run>& runs = runs_[static_cast<std::size_t>(line)];
    const Index per_image = static_cast<Index>(runs.size()) / chunks_.size(0);

    const Index filter = group * c_.filters + columns_.begin(j), columns = columns_.columns(j);
    x += (width_.taps[static_cast<std::size_t>(tap)].offset - lines_.first) * lines_.pixel +
         group * c_.channels;
    T* const to = sums + (line * width_.size() + tap) * c_.channels * all_filters_ + filter;
    const Index turn = std::max<Index>(kTurnTerms / width_.out, 1);
    Index at = first * per_image;
    const Index end = last * per_image;
    do {  // once where there are no terms: sums that begin are written
      const Runs terms{runs.data() + at, std::min(turn, end - at), width_.out};
      for (Index i = towers_.begin(tower); i < towers_.begin(tower) + towers_.size(tower); ++i) {
        const Index row = rows_.begin(i);
        choose_tile<T>(rows_.size(i), columns)(
            terms, x + row, 1, width_.step * lines_.pixel, dy + filter, all_filters_, columns,
            {to + row * all_filters_, all_filters_, 1, accumulate, nullptr, 0, 1, false});
      }
      accumulate = true;
      at += turn;
    } while (at < end);
  }

  void add_up(const T* parts) const {
    parallel_for(size_, kPackWork, [&](Index begin, Index end) {
      std::copy(parts + begin, parts + end, c_.dkernel + begin);
      for (Index s = 1; s < slices_.count; ++s) {
        for (Index i = begin; i < end; ++i) c_.dkernel[i] += parts[s * size_ + i];
      }
    });
  }

  const KernelGradient<T>& c_;
  const Axis &depth_, &height_, &width_;
  const Index all_channels_, all_filters_;
  const Lines<T> lines_;
  const bool merged_;
  const Pieces rows_;
  const Panels columns_;
  const Index blocks_;  // of rows that lie side by side in the input
  const Pieces towers_;
  const Index tasks_, image_size_, size_;
  const Pieces chunks_, slices_;
  std::vector<std::vector<Run>> runs_;
};

}  // namespace

template <class T>
void kernel_gradient(const KernelGradient<T>& c) {
  if (c.images * c.axes[0].out * c.axes[1].out * c.axes[2].out > 0) {
    KernelGradients<T>(c).run();
  } else {
    Index size = c.groups * c.filters * c.channels;
    for (const Axis& axis : c.axes) size *= axis.size();
    std::fill_n(c.dkernel, size, T(0));
  }
}

template void kernel_gradient(const KernelGradient<float>&);
template void kernel_gradient(const KernelGradient<double>&);

}  // namespace fastnn
