// The kernel gradient of few filters: dot products of lines of inputs and of outputs, which lie in planes for
// it.
#include <algorithm>

#include "fastnn/core/buffer.h"
#include "fastnn/core/parallel.h"
#include "fastnn/kernels/conv_few.h"
#include "fastnn/kernels/conv_lines.h"
#include "fastnn/kernels/gemm_dot.h"
#include "fastnn/kernels/gemm_product.h"

namespace fastnn {
namespace {

// Multiplications that are worth a sum of their own, and the most sums.
constexpr Index kSumWork = Index{1} << 20;
constexpr Index kMostSums = 16;

template <class T>
class FewGradients {
 public:
  explicit FewGradients(const KernelGradient<T>& c)
      : c_(c),
        depth_(c.axes[0]),
        height_(c.axes[1]),
        width_(c.axes[2]),
        lines_(width_, c.x, c.channels, true),
        pitch_(lines_.size() / c.channels),
        plane_(height_.out * pitch_ + kLanes<T>),
        taps_(width_.size(), kDotRows),
        filters_(c.filters, kDotColumns),
        size_(depth_.size() * height_.size() * width_.size() * c.channels * c.filters),
        slices_(c.images, slice_images()) {}

  void run() {
    Buffer<T> parts(slices_.count > 1 ? slices_.count * size_ : 0);
    T* const sums = slices_.count > 1 ? parts.data() : c_.dkernel;
    parallel_for(slices_.count, 1, [&](Index begin, Index end) {
      Buffer<T> x(c_.channels * height_.in * pitch_), dy(c_.filters * plane_), line(lines_.size());
      for (Index slice = begin; slice < end; ++slice) {
        T* const to = sums + slice * size_;
        std::fill_n(to, size_, T(0));
        for (Index image = slices_.begin(slice); image < slices_.begin(slice) + slices_.size(slice);
             ++image) {
          for (Index d = 0; d < depth_.out; ++d) add(image, d, x.data(), dy.data(), line.data(), to);
        }
      }
    });
    if (slices_.count > 1) add_up(sums, slices_.count, size_, c_.dkernel);
  }

 private:
  Index slice_images() const {
    const Index work = c_.images * depth_.out * height_.out * width_.out * size_;
    return divide_up(c_.images, std::clamp<Index>(std::min(work / kSumWork, c_.images), 1, kMostSums));
  }

  /// Adds what plane d of the outputs of an image gives.
  void add(Index image, Index d, T* x, T* dy, T* line, T* sums) const {
    for (Index o = 0; o < height_.out; ++o)
      plane_line((image * depth_.out + d) * height_.out + o, dy + o * pitch_);
    const Index x_plane = height_.in * pitch_;
    for (const ConvTap& tap : depth_.taps) {
      const Index at = d * depth_.step + tap.offset;
      if (at < 0 || at >= depth_.in) continue;
      const T* from = c_.x.data + image * c_.x.image + at * c_.x.at[0];
      for (Index i = 0; i < height_.in; ++i, from += c_.x.at[1]) {
        if (c_.channels == 1) {
          lines_.copy(from, x + i * pitch_);
        } else {
          lines_.copy(from, line);
          scatter_pixels(line, pitch_, c_.channels, x + i * pitch_, 1, x_plane);
        }
      }
      for (const ConvTap& h : height_.taps) {
        // Outputs whose input lies in the image.
        const Index first = std::max<Index>(-h.offset, 0);
        const Index count = std::min(height_.out, height_.in - h.offset) - first;
        if (count <= 0) continue;
        const TileRun run{(first + h.offset) * pitch_, first * pitch_};
        const TileRuns terms{&run, 1, (count - 1) * pitch_ + width_.out};
        T* const to = sums + (tap.tap * height_.size() + h.tap) * width_.size() * c_.channels * c_.filters;
        for (Index channel = 0; channel < c_.channels; ++channel) {
          dots(terms, x + channel * x_plane - lines_.first, dy, to + channel * c_.filters);
        }
      }
    }
  }

  /// Puts line `number` of dy where its filters are planes apart, and zeros behind it.
  void plane_line(Index number, T* to) const {
    constexpr Index lanes = kLanes<T>;
    const Index out = width_.out, filters = c_.filters;
    const T* from = c_.dy + number * out * filters;
    const T* const end = c_.dy + c_.images * depth_.out * height_.out * out * filters;
    Index o = 0;
    // What is read and written too much is the next line's, which is written after it, or room.
    for (; o < out && end - from >= (lanes - 1) * filters + lanes; o += lanes, from += lanes * filters) {
      Vec<T> square[lanes];
#pragma GCC unroll 16
      for (Index i = 0; i < lanes; ++i) square[i] = load(from + i * filters);
      transpose<T>(square);
#pragma GCC unroll 16
      for (Index i = 0; i < lanes; ++i) {
        if (i < filters) store(to + i * plane_ + o, square[i]);
      }
    }
    for (; o < out; ++o, from += filters) {
      for (Index f = 0; f < filters; ++f) to[f * plane_ + o] = from[f];
    }
    for (Index f = 0; f < filters; ++f) {
      for (o = out; o < pitch_; ++o) to[f * plane_ + o] = 0;
    }
  }

  /// All taps of a line of the kernel, for one channel.
  void dots(const TileRuns& terms, const T* x, const T* dy, T* to) const {
    const Index row = c_.channels * c_.filters;
    for (Index i = 0; i < taps_.count; ++i) {
      const Index tap = taps_.begin(i);
      const Index spacing = width_.size() > 1 ? width_.taps[1].offset - width_.taps[0].offset : 0;
      for (Index j = 0; j < filters_.count; ++j) {
        const Index filter = filters_.begin(j);
        choose_dot_tile<T>(taps_.size(i), filters_.size(j))(
            terms, x + width_.taps[tap].offset, spacing, dy + filter * plane_, plane_,
            {to + tap * row + filter, row, 1, true, nullptr, 0, 0, false});
      }
    }
  }

  const KernelGradient<T>& c_;
  const ConvAxis &depth_, &height_, &width_;
  const ConvLines<T> lines_;
  const Index pitch_, plane_;
  const Pieces taps_, filters_;
  const Index size_;
  const Pieces slices_;
};

}  // namespace

template <class T>
void kernel_gradient_few(const KernelGradient<T>& c) {
  FewGradients<T>(c).run();
}

template void kernel_gradient_few(const KernelGradient<float>&);
template void kernel_gradient_few(const KernelGradient<double>&);

}  // namespace fastnn
