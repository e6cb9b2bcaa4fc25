#include "fastnn/ops/conv.h"

#include <algorithm>
#include <optional>

#include "fastnn/core/buffer.h"
#include "fastnn/core/check.h"
#include "fastnn/core/parallel.h"
#include "fastnn/kernels/activation.h"
#include "fastnn/kernels/contiguous.h"
#include "fastnn/kernels/conv.h"
#include "fastnn/kernels/strided.h"

namespace fastnn {
namespace {

constexpr int kSpatial = 3;  // dimensions that the kernels know

/// Places of the dimensions in the shape of images.
int channel_of(const Dims& x, const Convolution& convolution) {
  return convolution.channels_first ? 1 : x.size() - 1;
}
int spatial_of(const Convolution& convolution) { return convolution.channels_first ? 2 : 1; }

Dims channels_last(const Dims& dims, const Convolution& convolution) {
  if (!convolution.channels_first) return dims;
  Dims last{dims[0]};
  for (int i = 2; i < dims.size(); ++i) last.push_back(dims[i]);
  last.push_back(dims[1]);
  return last;
}

/// Images with their channels last and three spatial dimensions.
template <class T>
ConvImages<T> images_of(const View<T>& x, const Convolution& convolution) {
  const int missing = kSpatial - (x.ndim() - 2);
  ConvImages<T> images{x.data, x.strides[0], {}, x.strides[channel_of(x.shape, convolution)]};
  // A missing dimension has one place: its stride is never used, but lines want one that is no gap.
  for (int i = 0; i < kSpatial; ++i) {
    images.at[i] = i < missing ? 0 : x.strides[spatial_of(convolution) + i - missing];
  }
  return images;
}

void check_steps(const char* op, const char* name, const Dims& steps, int spatial) {
  check(steps.size() == spatial, op, name, " must have one value per spatial dimension, ", spatial,
        "; received ", steps);
  for (const Index step : steps) check(step >= 1, op, name, " must be at least 1; received ", steps);
}

void check_shapes(const char* op, const Dims& x, const Dims& kernel, const Convolution& c) {
  check(x.size() >= 3 && x.size() <= 2 + kSpatial, op,
        "inputs must have a batch, 1 to 3 spatial dimensions and channels; received shape ", x);
  check(kernel.size() == x.size(), op,
        "kernel must have the spatial dimensions of the inputs, channels and filters, ", x.size(),
        " dimensions; received inputs ", x, ", kernel ", kernel);
  for (const Index size : kernel)
    check(size >= 1, op, "no dimension of the kernel may be 0; received ", kernel);
  check_steps(op, "strides", c.strides, x.size() - 2);
  check_steps(op, "dilation_rate", c.dilation, x.size() - 2);
  const Index channels = x[channel_of(x, c)], each = kernel[kernel.size() - 2], filters = kernel.back();
  check(channels % each == 0 && channels > 0, op, "the inputs' channels, ", channels,
        ", must be those of the kernel, or a multiple for groups, ", each, "; received inputs ", x,
        ", kernel ", kernel);
  check(filters % (channels / each) == 0, op, "the filters, ", filters,
        ", must be a multiple of the groups, ", channels / each, "; received inputs ", x, ", kernel ",
        kernel);
}

/// The length of a kernel with the gaps of its dilation, in one spatial dimension.
Index reach(const char* op, const Dims& kernel, const Convolution& c, int i) {
  Index gaps, length;
  check(!__builtin_mul_overflow(kernel[i] - 1, c.dilation[i], &gaps) &&
            !__builtin_add_overflow(gaps, 1, &length) && length <= (Index{1} << 48),
        op, "dilation_rate is too large; received ", c.dilation);
  return length;
}

/// All of a convolution but the operands; x is the shape of its input.
struct Geometry {
  Geometry(const Dims& x, const Dims& kernel, const Dims& y, const Convolution& c)
      : images(x[0]),
        groups(x[channel_of(x, c)] / kernel[kernel.size() - 2]),
        channels(kernel[kernel.size() - 2]),
        filters(kernel.back() / groups) {
    const int missing = kSpatial - (x.size() - 2), first = spatial_of(c);
    for (int i = 0; i < kSpatial; ++i) {
      const int from = i - missing;
      const bool there = from >= 0;
      in[i] = there ? x[first + from] : 1;
      out[i] = there ? y[first + from] : 1;
      taps[i] = there ? kernel[from] : 1;
      stride[i] = there ? c.strides[from] : 1;
      dilation[i] = there ? c.dilation[from] : 1;
      before[i] = there ? c.before[from] : 0;
    }
  }

  /// The axes of the convolution itself.
  void set_axes(ConvAxis* axes) const {
    for (int i = 0; i < kSpatial; ++i) {
      axes[i] = {in[i], out[i], stride[i], {}};
      for (Index t = 0; t < taps[i]; ++t) axes[i].taps.push_back({t, t * dilation[i] - before[i]});
    }
  }

  /// The strides of the contiguous kernel: of taps, channels and filters.
  template <class T>
  void set_kernel(const T* kernel, Correlation<T>& c) const {
    Index step = channels * groups * filters;
    for (int i = kSpatial - 1; i >= 0; --i) {
      c.kernel_tap[i] = step;
      step *= taps[i];
    }
    c.kernel = kernel;
    c.kernel_end = kernel + step;
    c.kernel_group = filters;
  }

  Index images, groups, channels, filters;
  Index in[kSpatial], out[kSpatial], taps[kSpatial], stride[kSpatial], dilation[kSpatial], before[kSpatial];
};

template <class T>
Dims checked_result(const char* op, const View<T>& x, const Dims& kernel, const Convolution& c,
                    const Dims& y) {
  const Dims shape = conv_shape(op, x.shape, kernel, c);
  check_shape(op, "y", y, shape);
  return shape;
}

/// The outputs that read an input with remainder `phase` to the stride: there the gradient is a convolution
/// of neighbours, whose taps are those that meet it.
ConvAxis phase_axis(const Geometry& g, int i, Index phase) {
  ConvAxis axis{g.out[i], (g.in[i] - phase + g.stride[i] - 1) / g.stride[i], 1, {}};
  for (Index t = g.taps[i] - 1; t >= 0; --t) {
    const Index distance = phase + g.before[i] - t * g.dilation[i];
    if (distance % g.stride[i] == 0) axis.taps.push_back({t, distance / g.stride[i]});
  }
  return axis;
}

template <class T>
void input_gradient(const Geometry& g, const ConvImages<const T>& dy, const T* kernel,
                    const ConvImages<T>& dx, Index size) {
  // Phases are all the remainders in turn, so that each place of dx is written once.
  bool gaps = false;
  for (int i = 0; i < kSpatial; ++i) {
    for (Index phase = 0; phase < std::min(g.stride[i], g.in[i]); ++phase) {
      gaps = gaps || phase_axis(g, i, phase).taps.empty();
    }
    gaps = gaps || g.out[i] == 0;
  }
  if (gaps) std::fill_n(dx.data, size, T(0));
  Correlation<T> c{{}, g.images, g.groups, g.filters, g.channels, dy, nullptr, nullptr, {}, 0, 1, 0, dx, {}};
  g.set_kernel(kernel, c);
  c.kernel_filter = g.groups * g.filters;
  for (Index d = 0; d < std::min(g.stride[0], g.in[0]); ++d) {
    c.axes[0] = phase_axis(g, 0, d);
    for (Index h = 0; h < std::min(g.stride[1], g.in[1]); ++h) {
      c.axes[1] = phase_axis(g, 1, h);
      for (Index w = 0; w < std::min(g.stride[2], g.in[2]); ++w) {
        c.axes[2] = phase_axis(g, 2, w);
        if (c.axes[0].taps.empty() || c.axes[1].taps.empty() || c.axes[2].taps.empty()) continue;
        c.y.data = dx.data + d * dx.at[0] + h * dx.at[1] + w * dx.at[2];
        for (int i = 0; i < kSpatial; ++i) c.y.at[i] = dx.at[i] * g.stride[i];
        correlate(c);
      }
    }
  }
}

/// Images laid out with their channels last, and room to read a vector beyond their end.
template <class T>
class Pixels {
 public:
  Pixels(const View<const T>& x, const Convolution& c, bool room) : data_(x.data) {
    const View<const T> pixels(x.data, channels_last(x.shape, c), channels_last(x.strides, c));
    if (pixels.is_contiguous() && !room) return;
    copy_.emplace(x.size() + kLanes<T>);
    data_ = copy_->data();
    const Index images = x.shape[0], size = images > 0 ? x.size() / images : 0;
    parallel_for(
        images, std::max<Index>(kCopyGrain / std::max<Index>(size, 1), 1), [&](Index begin, Index end) {
          for (Index i = begin; i < end; ++i) {
            copy(x.data + i * x.strides[0], pixels.shape, pixels.strides, 1, copy_->data() + i * size);
          }
        });
  }
  const T* data() const { return data_; }

 private:
  static constexpr Index kCopyGrain = Index{1} << 15;

  /// Dimensions from `first` on.
  static T* copy(const T* from, const Dims& shape, const Dims& strides, int first, T* to) {
    const int ndim = shape.size();
    if (first + 2 == ndim) {
      copy_tile(from, strides[first], strides[first + 1], shape[first], shape[first + 1], to);
      return to + shape[first] * shape[first + 1];
    }
    for (Index i = 0; i < shape[first]; ++i) {
      to = copy(from + i * strides[first], shape, strides, first + 1, to);
    }
    return to;
  }

  const T* data_;
  std::optional<Buffer<T>> copy_;
};

/// Images of these sizes that lie contiguous, channels last.
template <class T>
ConvImages<const T> contiguous(const T* data, const Index (&size)[kSpatial], Index channels) {
  const Index line = size[2] * channels, plane = size[1] * line;
  return {data, size[0] * plane, {plane, line, channels}, 1};
}

template <class T>
void kernel_gradient_of(const Geometry& g, const ConvImages<const T>& x, const T* dy, T* dkernel) {
  KernelGradient<T> c{{}, g.images, g.groups, g.channels, g.filters, x, dy, dkernel};
  g.set_axes(c.axes);
  kernel_gradient(c);
}

}  // namespace

void set_padding(const char* op, const std::string& padding, const Dims& x, const Dims& kernel,
                 Convolution& c) {
  check(padding == "valid" || padding == "same", op, "padding must be 'valid' or 'same'; received '", padding,
        "'");
  check_shapes(op, x, kernel, c);
  c.before = c.after = Dims();
  for (int i = 0; i < x.size() - 2; ++i) {
    const Index in = x[spatial_of(c) + i], out = in == 0 ? 0 : (in - 1) / c.strides[i] + 1;
    const Index zeros = padding == "same" && out > 0
                            ? std::max<Index>((out - 1) * c.strides[i] + reach(op, kernel, c, i) - in, 0)
                            : 0;
    c.before.push_back(zeros / 2);
    c.after.push_back(zeros - zeros / 2);
  }
}

Dims conv_shape(const char* op, const Dims& x, const Dims& kernel, const Convolution& c) {
  check_shapes(op, x, kernel, c);
  const int spatial = x.size() - 2, first = spatial_of(c);
  check(c.before.size() == spatial && c.after.size() == spatial, op,
        "padding must have one pair of values per spatial dimension, ", spatial, "; received ",
        c.before.size());
  Dims y = x, padded, taps;
  for (int i = 0; i < spatial; ++i) {
    constexpr Index limit = Index{1} << 48;
    check(std::max(c.before[i], -c.before[i]) < limit && std::max(c.after[i], -c.after[i]) < limit, op,
          "padding is too large; received ", c.before, " and ", c.after);
    padded.push_back(x[first + i] + c.before[i] + c.after[i]);
    taps.push_back(reach(op, kernel, c, i));
  }
  for (int i = 0; i < spatial; ++i) {
    // No images need no room: their gradients are none either.
    check(padded[i] >= taps[i], op, "the kernel must not be larger than the padded inputs; received inputs ",
          x, ", padded to ", padded, ", kernel ", kernel, ", which with its dilation reaches over ", taps);
    y[first + i] = (padded[i] - taps[i]) / c.strides[i] + 1;
  }
  y[channel_of(x, c)] = kernel.back();
  return y;
}

template <class T>
void conv_forward(const char* op, const View<const T>& x, const View<const T>& kernel,
                  const View<const T>* bias, Activation activation, const Convolution& convolution,
                  const View<T>& y) {
  const Geometry g(x.shape, kernel.shape, checked_result(op, x, kernel.shape, convolution, y.shape),
                   convolution);
  if (bias != nullptr) check_shape(op, "bias", bias->shape, {kernel.shape.back()});
  const InOrder<T> own_kernel(kernel);
  std::optional<InOrder<T>> own_bias;
  if (bias != nullptr) own_bias.emplace(*bias);
  Correlation<T> c{{},
                   g.images,
                   g.groups,
                   g.channels,
                   g.filters,
                   images_of(x, convolution),
                   nullptr,
                   nullptr,
                   {},
                   0,
                   0,
                   1,
                   images_of(y, convolution),
                   {own_bias ? own_bias->data() : nullptr, activation}};
  g.set_axes(c.axes);
  g.set_kernel(own_kernel.data(), c);
  c.kernel_channel = g.groups * g.filters;
  correlate(c);
}

template <class T>
void conv_input_gradient(const char* op, const View<const T>& dy, const View<const T>& kernel,
                         const Convolution& convolution, const View<T>& dx) {
  const Geometry g(dx.shape, kernel.shape, checked_result(op, dx, kernel.shape, convolution, dy.shape),
                   convolution);
  const InOrder<T> own_kernel(kernel);
  input_gradient(g, images_of(dy, convolution), own_kernel.data(), images_of(dx, convolution), dx.size());
}

template <class T>
void conv_kernel_gradient(const char* op, const View<const T>& x, const View<const T>& dy,
                          const Convolution& convolution, const View<T>& dkernel) {
  const Geometry g(x.shape, dkernel.shape, checked_result(op, x, dkernel.shape, convolution, dy.shape),
                   convolution);
  const Pixels<T> pixels(dy, convolution, g.filters % kLanes<T> != 0);
  kernel_gradient_of(g, images_of(x, convolution), pixels.data(), dkernel.data);
}

template <class T>
void conv_backward(const char* op, const View<const T>& x, const View<const T>& kernel,
                   const View<const T>& y, const View<const T>& dy, Activation activation,
                   const Convolution& convolution, const View<T>* dx, const View<T>* dkernel,
                   const View<T>* dbias) {
  const Dims shape = checked_result(op, x, kernel.shape, convolution, y.shape);
  check_shape(op, "dy", dy.shape, shape);
  const Geometry g(x.shape, kernel.shape, shape, convolution);
  const Index filters = kernel.shape.back();
  const bool linear = activation == Activation::linear;
  const Pixels<T> up(dy, convolution, linear && dkernel != nullptr && g.filters % kLanes<T> != 0);
  Buffer<T> own(linear ? 0 : dy.size() + kLanes<T>);
  if (!linear || dbias != nullptr) {
    std::optional<Pixels<T>> result;
    if (!linear) result.emplace(y, convolution, false);
    activation_and_bias_backward(activation, dy.size() / filters, filters, linear ? nullptr : result->data(),
                                 up.data(), own.data(), dbias != nullptr ? dbias->data : nullptr);
  }
  const T* dz = linear ? up.data() : own.data();
  if (dkernel != nullptr) kernel_gradient_of(g, images_of(x, convolution), dz, dkernel->data);
  if (dx != nullptr) {
    const InOrder<T> own_kernel(kernel);
    input_gradient(g, contiguous(dz, g.out, filters), own_kernel.data(), images_of(*dx, convolution),
                   dx->size());
  }
}

#define FASTNN_INSTANTIATE(T)                                                                                \
  template void conv_forward(const char*, const View<const T>&, const View<const T>&, const View<const T>*,  \
                             Activation, const Convolution&, const View<T>&);                                \
  template void conv_input_gradient(const char*, const View<const T>&, const View<const T>&,                 \
                                    const Convolution&, const View<T>&);                                     \
  template void conv_kernel_gradient(const char*, const View<const T>&, const View<const T>&,                \
                                     const Convolution&, const View<T>&);                                    \
  template void conv_backward(const char*, const View<const T>&, const View<const T>&, const View<const T>&, \
                              const View<const T>&, Activation, const Convolution&, const View<T>*,          \
                              const View<T>*, const View<T>*);
FASTNN_INSTANTIATE(float)
FASTNN_INSTANTIATE(double)
#undef FASTNN_INSTANTIATE

}  // namespace fastnn
