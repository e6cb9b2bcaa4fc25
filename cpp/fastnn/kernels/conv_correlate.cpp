// Convolution without a matrix of patches: the register tile of the matmul takes any strides of its left
// factor, so that neighbouring outputs of a line are its rows, and the taps of a line of the kernel, with
// their channels, one run of its terms. A tile goes through the runs of all lines under the kernel and writes
// its outputs once.
#include <algorithm>

#include "fastnn/core/buffer.h"
#include "fastnn/core/parallel.h"
#include "fastnn/kernels/conv_few.h"
#include "fastnn/kernels/conv_lines.h"
#include "fastnn/kernels/gemm_pack.h"
#include "fastnn/kernels/gemm_product.h"
#include "fastnn/kernels/gemm_tile.h"

namespace fastnn {
namespace {

// Input that one task reads again for each panel of the kernel: a part of the L2 cache.
constexpr Index kBandBytes = Index{1} << 18;
// Multiplications that are worth a task of their own.
constexpr Index kBandWork = Index{1} << 20;

template <class T>
class Correlator {
 public:
  explicit Correlator(const Correlation<T>& c)
      : c_(c),
        depth_(c.axes[0]),
        height_(c.axes[1]),
        width_(c.axes[2]),
        all_filters_(c.groups * c.filters),
        by_images_(c.x.channel == 1 && c.y.channel == 1 && 2 * width_.out <= kTileRows &&
                   c.images >= kTileRows),
        lines_(width_, c.x, c.groups * c.channels),
        pixel_(by_images_ ? c.x.at[2] : lines_.pixel),
        merged_(merges(width_, pixel_, c.groups, c.channels)),
        rows_(by_images_ ? c.images : width_.out, by_images_ ? image_rows() : kTileRows),
        columns_(c.filters,
                 std::min<Index>(most_vectors(rows_.size(0)), divide_up(c.filters, kLanes<T>)) * kLanes<T>,
                 kLanes<T>),
        terms_(depth_.size() * height_.size() * width_.size() * c.channels),
        line_work_(terms_ * all_filters_ * width_.out),
        bands_(height_.out, band_rows()),
        packed_(c.groups * columns_.count * terms_ * columns_.width) {}

  void run() {
    const Index panels = c_.groups * columns_.count;
    parallel_for(panels, std::max<Index>(kPackWork / (terms_ * columns_.width), 1),
                 [&](Index begin, Index end) {
                   for (Index i = begin; i < end; ++i) pack_panel(i / columns_.count, i % columns_.count);
                 });
    if (by_images_) return run_by_images();
    const Index tasks = c_.images * depth_.out * bands_.count, work = line_work_ * bands_.size(0);
    const bool parallel = work * tasks >= kGemmParallelWork;
    parallel_for(tasks, parallel ? std::max<Index>(kBandWork / work, 1) : tasks, [&](Index begin, Index end) {
      Space space(lines_.direct ? 0 : depth_.size() * lines_under(bands_.size(0)) * lines_.size(),
                  c_.y.channel == 1 ? 0 : bands_.size(0) * width_.out * all_filters_);
      for (Index task = begin; task < end; ++task) {
        const Index band = task % bands_.count, rest = task / bands_.count;
        compute(space, rest / depth_.out, rest % depth_.out, bands_.begin(band), bands_.size(band));
      }
    });
  }

 private:
  /// What one task after another works in.
  struct Space {
    Space(Index input, Index output) : x(input), y(output) {}
    Buffer<T> x, y;
    std::vector<TileRun> runs;
    std::vector<Index> begins;  // of the runs of each row, and the end of the last
  };

  Index band_rows() const {
    const Index line = lines_.size() * height_.step * static_cast<Index>(sizeof(T));
    const Index all_lines = c_.images * depth_.out * height_.out;
    const Index worth = std::max(kBandWork / line_work_, divide_up(all_lines, kMostTasks));
    return std::clamp<Index>(std::min(worth, kBandBytes / line), 1, height_.out);
  }

  /// Rows of a tile that are images; lines that far apart fight for the places of the L1 cache.
  Index image_rows() const {
    return c_.x.image * static_cast<Index>(sizeof(T)) % kPageBytes == 0 ? std::min(kTileRows, 8) : kTileRows;
  }

  /// How many lines of a plane of the input so many rows of the output read.
  Index lines_under(Index rows) const {
    return (rows - 1) * height_.step + height_.taps.back().offset - height_.lowest() + 1;
  }

  T* packed(Index group, Index j) {
    return packed_.data() + (group * columns_.count + j) * terms_ * columns_.width;
  }

  /// The terms of panel j of the kernel, in the order of the taps.
  void pack_panel(Index group, Index j) {
    T* to = packed(group, j);
    const T* from = c_.kernel + group * c_.kernel_group + columns_.begin(j) * c_.kernel_filter;
    for (const ConvTap& d : depth_.taps) {
      for (const ConvTap& h : height_.taps) {
        for (const ConvTap& w : width_.taps) {
          pack(to, columns_.width, columns_.columns(j), c_.channels,
               from + d.tap * c_.kernel_tap[0] + h.tap * c_.kernel_tap[1] + w.tap * c_.kernel_tap[2],
               c_.kernel_filter, c_.kernel_channel, c_.kernel_end);
          to += c_.channels * columns_.width;
        }
      }
    }
  }

  /// Finds the runs of rows [row, row + rows) of plane d; with lines that are copied, copies them.
  void prepare(Space& space, const T* x, Index d, Index row, Index rows) const {
    const Index first = row * height_.step + height_.lowest(), under = lines_under(rows);
    const auto inside = [](const ConvAxis& axis, Index i) { return i >= 0 && i < axis.in; };
    if (!lines_.direct) {
      T* to = space.x.data();
      for (const ConvTap& tap : depth_.taps) {
        const Index plane = d * depth_.step + tap.offset;
        for (Index line = first; line < first + under; ++line, to += lines_.size()) {
          if (inside(depth_, plane) && inside(height_, line)) {
            lines_.copy(x + plane * c_.x.at[0] + line * c_.x.at[1], to);
          }
        }
      }
    }

    space.runs.clear();
    space.begins.clear();
    for (Index i = row; i < row + rows; ++i) {
      space.begins.push_back(static_cast<Index>(space.runs.size()));
      Index terms = 0;  // before this line of the kernel
      for (Index t = 0; t < depth_.size(); ++t) {
        const Index plane = d * depth_.step + depth_.taps[t].offset;
        for (const ConvTap& tap : height_.taps) {
          const Index line = i * height_.step + tap.offset;
          if (inside(depth_, plane) && inside(height_, line)) {
            const Index at = lines_.direct ? plane * c_.x.at[0] + line * c_.x.at[1]
                                           : (t * under + line - first) * lines_.size();
            for (Index w = 0; w < (merged_ ? 1 : width_.size()); ++w) {
              space.runs.push_back({at + (width_.taps[w].offset - lines_.first) * pixel_,
                                    (terms + w * c_.channels) * columns_.width});
            }
          }
          terms += width_.size() * c_.channels;
        }
      }
    }
    space.begins.push_back(static_cast<Index>(space.runs.size()));
  }

  /// Short lines make small tiles: there the rows are the same output of several images, and what the kernel
  /// meets beyond their borders is left out.
  void run_by_images() {
    const Index tasks = rows_.count * depth_.out * height_.out, work = line_work_ * rows_.size(0);
    parallel_for(tasks, work * tasks >= kGemmParallelWork ? std::max<Index>(kBandWork / work, 1) : tasks,
                 [&](Index begin, Index end) {
                   Space space(0, 0);
                   for (Index task = begin; task < end; ++task) {
                     const Index row = task % height_.out, rest = task / height_.out;
                     compute_by_images(space, rest / depth_.out, rest % depth_.out, row);
                   }
                 });
  }

  /// A line of outputs of a piece of the images.
  void compute_by_images(Space& space, Index piece, Index d, Index row) {
    const auto inside = [](const ConvAxis& axis, Index i) { return i >= 0 && i < axis.in; };
    space.runs.clear();
    space.begins.clear();
    std::vector<Index> terms;
    for (Index o = 0; o < width_.out; ++o) {
      space.begins.push_back(static_cast<Index>(space.runs.size()));
      Index first = 0, last = width_.size();  // of the taps
      while (first < last && o * width_.step + width_.taps[first].offset < 0) ++first;
      while (first < last && o * width_.step + width_.taps[last - 1].offset >= width_.in) --last;
      terms.push_back(c_.channels * (merged_ ? last - first : 1));
      Index before = 0;
      for (const ConvTap& plane : depth_.taps) {
        for (const ConvTap& line : height_.taps) {
          const Index i = d * depth_.step + plane.offset, j = row * height_.step + line.offset;
          for (Index w = first; w < last && inside(depth_, i) && inside(height_, j);
               w += merged_ ? last - first : 1) {
            space.runs.push_back(
                {i * c_.x.at[0] + j * c_.x.at[1] + (o * width_.step + width_.taps[w].offset) * pixel_,
                 (before + w * c_.channels) * columns_.width});
          }
          before += width_.size() * c_.channels;
        }
      }
    }
    space.begins.push_back(static_cast<Index>(space.runs.size()));

    const T* x = c_.x.data + rows_.begin(piece) * c_.x.image;
    T* const y = c_.y.data + rows_.begin(piece) * c_.y.image + d * c_.y.at[0] + row * c_.y.at[1];
    for (Index group = 0; group < c_.groups; ++group) {
      for (Index j = 0; j < columns_.count; ++j) {
        const Index filter = group * c_.filters + columns_.begin(j), columns = columns_.columns(j);
        const T* bias = c_.epilogue.bias != nullptr ? c_.epilogue.bias + filter : nullptr;
        TileEnd<T> end{
            y, c_.y.image, c_.y.channel, false, bias, 0, 1, c_.epilogue.activation == Activation::relu};
        for (Index o = 0; o < width_.out; ++o) {
          const Index run = space.begins[o];
          const TileRuns runs{space.runs.data() + run, space.begins[o + 1] - run, terms[o]};
          end.c = y + o * c_.y.at[2] + filter * c_.y.channel;
          choose_tile<T>(rows_.size(piece), columns)(runs, x + group * c_.channels, c_.x.image, 1,
                                                     packed(group, j), columns_.width, columns, end);
        }
      }
    }
    for (Index i = 0; i < rows_.size(piece); ++i) finish(y + i * c_.y.image, 0, c_.y.at[2], 1);
  }

  /// Rows [row, row + rows) of plane d of an image.
  void compute(Space& space, Index image, Index d, Index row, Index rows) {
    const T* image_x = c_.x.data + image * c_.x.image;
    prepare(space, image_x, d, row, rows);
    const T* x = lines_.direct ? image_x : space.x.data();
    T* const y = c_.y.data + image * c_.y.image + d * c_.y.at[0] + row * c_.y.at[1];
    const bool direct = c_.y.channel == 1;
    T* const to = direct ? y : space.y.data();
    const Index pixel = direct ? c_.y.at[2] : all_filters_, line = direct ? c_.y.at[1] : width_.out * pixel;

    const Index step = width_.step * lines_.pixel,
                terms = merged_ ? width_.size() * c_.channels : c_.channels;
    for (Index group = 0; group < c_.groups; ++group) {
      for (Index j = 0; j < columns_.count; ++j) {
        const Index filter = group * c_.filters + columns_.begin(j), columns = columns_.columns(j);
        const T* bias = c_.epilogue.bias != nullptr ? c_.epilogue.bias + filter : nullptr;
        TileEnd<T> end{to, pixel, 1, false, bias, 0, 1, c_.epilogue.activation == Activation::relu};
        for (Index i = 0; i < rows; ++i) {
          const Index run = space.begins[i];
          const TileRuns runs{space.runs.data() + run, space.begins[i + 1] - run, terms};
          for (Index piece = 0; piece < rows_.count; ++piece) {
            const Index o = rows_.begin(piece);
            end.c = to + i * line + o * pixel + filter;
            choose_tile<T>(rows_.size(piece), columns)(runs, x + o * step + group * c_.channels, step, 1,
                                                       packed(group, j), columns_.width, columns, end);
          }
        }
      }
    }
    finish(to, line, pixel, rows);
    for (Index i = 0; !direct && i < rows; ++i) {
      scatter_pixels(to + i * line, width_.out, all_filters_, y + i * c_.y.at[1], c_.y.at[2], c_.y.channel);
    }
  }

  /// The activations that do not fit into a tile's end.
  void finish(T* y, Index line, Index pixel, Index rows) const {
    if (c_.epilogue.activation <= Activation::relu) return;
    const bool whole = pixel == all_filters_;
    for (Index i = 0; i < rows; ++i) {
      for (Index o = 0; o < (whole ? 1 : width_.out); ++o) {
        T* at = y + i * line + o * pixel;
        activation_forward(c_.epilogue.activation, whole ? width_.out * pixel : all_filters_, at, at);
      }
    }
  }

  const Correlation<T>& c_;
  const ConvAxis &depth_, &height_, &width_;
  const Index all_filters_;
  const bool by_images_;
  const ConvLines<T> lines_;
  const Index pixel_;
  const bool merged_;
  const Pieces rows_;
  const Panels columns_;
  const Index terms_;      // of one output
  const Index line_work_;  // multiplications of one line of outputs
  const Pieces bands_;
  Buffer<T> packed_;
};

}  // namespace

template <class T>
void correlate(const Correlation<T>& c) {
  if (c.images * c.axes[0].out * c.axes[1].out * c.axes[2].out == 0) return;
  if (fills_few_lanes(c)) {
    correlate_few(c);
  } else {
    Correlator<T>(c).run();
  }
}

template void correlate(const Correlation<float>&);
template void correlate(const Correlation<double>&);

}  // namespace fastnn
