#include "fastnn/ops/depthwise_conv.h"

#include <algorithm>
#include <limits>

#include "fastnn/core/buffer.h"
#include "fastnn/core/check.h"
#include "fastnn/core/parallel.h"
#include "fastnn/kernels/activation.h"
#include "fastnn/kernels/contiguous.h"
#include "fastnn/kernels/depthwise.h"

namespace fastnn {
namespace {

using depthwise::Geometry;
using depthwise::Meeting;
using depthwise::Row;
using depthwise::Run;
using depthwise::WindowAxis;

constexpr const char* kOp = "depthwise_conv";
constexpr Index kGrain = Index{1} << 17;  // multiplications of one block
constexpr Index kElements = 8192;         // of one block of an element-wise pass
constexpr Index kLongestRun = 512;
constexpr Index kMostPartialSums = 32;  // of the kernel's gradient: bounds their memory

Geometry geometry(const Dims& inputs, const Dims& kernel, const DepthwiseWindows& windows) {
  const int spatial = inputs.size() - 2;
  check(spatial >= 1 && spatial <= 3, kOp,
        "inputs must have 3, 4 or 5 dimensions (batch, 1 to 3 spatial dimensions, channels); received shape ",
        inputs);
  check(kernel.size() == inputs.size(), kOp, "kernel must have ", inputs.size(), " dimensions (", spatial,
        " spatial, channels, multiplier) as inputs have; received inputs ", inputs, ", kernel ", kernel);
  check(inputs.back() == kernel[spatial], kOp,
        "inputs must have as many channels as the kernel, kernel.shape[-2]; received ", inputs.back(),
        " channels, kernel ", kernel);
  const bool same = windows.padding == "same";
  check(same || windows.padding == "valid", kOp, "padding must be 'valid' or 'same'; received '",
        windows.padding, "'");
  constexpr Index most = std::numeric_limits<int>::max();
  Geometry g;
  g.batch = inputs[0];
  g.channels = inputs.back();
  g.multiplier = kernel.back();
  for (const auto& [name, values] :
       {std::pair{"strides", &windows.strides}, {"dilation_rate", &windows.dilation_rate}}) {
    bool fits = values->size() == spatial;
    for (const Index value : *values) fits = fits && value >= 1 && value <= most;
    check(fits, kOp, name, " must be ", spatial, " positive integer(s), one per spatial dimension; received ",
          *values);
  }
  for (int i = 0; i < spatial; ++i) {
    WindowAxis& axis = g.axes[3 - spatial + i];
    axis.in = inputs[1 + i];
    axis.kernel = kernel[i];
    axis.stride = windows.strides[i];
    axis.dilation = windows.dilation_rate[i];
    check(axis.kernel >= 1 && axis.kernel <= most, kOp,
          "the kernel's spatial dimensions must not be empty; received kernel ", kernel);
    const Index reach = (axis.kernel - 1) * axis.dilation + 1;
    if (same) {
      axis.out = (axis.in + axis.stride - 1) / axis.stride;
      axis.before = std::max<Index>((axis.out - 1) * axis.stride + reach - axis.in, 0) / 2;
    } else {
      check(axis.in >= reach, kOp, "the kernel must not reach further than the inputs: its ", axis.kernel,
            " positions, ", axis.dilation, " apart, span ", reach, " in spatial dimension ", i,
            "; received inputs ", inputs, ", kernel ", kernel);
      axis.out = (axis.in - reach) / axis.stride + 1;
    }
  }
  return g;
}

/// How many (row of destinations, run) pairs make a block, for at most `most` blocks.
Index grain(const Geometry& g, bool forward, Index units, Index most) {
  const Index blocks = std::clamp<Index>(g.places(forward) * g.taps() * g.outputs() / kGrain, 1, most);
  return std::max<Index>((units + blocks - 1) / blocks, 1);
}

/// Outputs from inputs, or the gradient of the inputs from that of the outputs. All with g.outputs()
/// channels.
template <class T>
void convolve(const Geometry& g, bool forward, const T* from, const T* kernel, const T* bias,
              Activation activation, T* to) {
  const Index q = g.outputs();
  if (q == 0 || g.places(forward) == 0) return;
  const std::vector<Run> runs = depthwise::runs_of(g.axes[2], forward, kLongestRun);
  const Index length = forward ? g.axes[2].out : g.axes[2].in, n = static_cast<Index>(runs.size());
  const Index units = g.places(forward) / length * n;
  parallel_for(units, grain(g, forward, units, units), [&](Index begin, Index end) {
    for (Index unit = begin; unit < end;) {
      const Index row = unit / n;
      Row meets(g, forward, row);
      for (; unit < end && unit / n == row; ++unit) {
        const Run& run = runs[static_cast<std::size_t>(unit % n)];
        T* first = to + (row * length + run.first) * q;
        depthwise::run(meets.meetings(run), run.count, q, kernel, bias, from, run.source_step * q, first,
                       run.step * q);
        if (activation != Activation::linear) {  // forward: the run lies without gaps
          activation_forward(activation, run.count * q, first, first);
        }
      }
    }
  });
}

template <int taps, class T>
void add_kernel_sums(const std::vector<Meeting>& meetings, std::size_t* done, const Run& run, Index q,
                     const T* from, const T* up, T* sums) {
  for (; *done + taps <= meetings.size(); *done += taps) {
    depthwise::kernel_sums<taps>(meetings.data() + *done, run.count, q, from, run.source_step * q, up, q,
                                 sums);
  }
}

/// The sum over all outputs, of blocks of units first, then of the blocks in their order.
template <class T>
void kernel_gradient(const Geometry& g, const T* from, const T* up, T* dkernel) {
  const Index q = g.outputs(), size = g.taps() * q, length = g.axes[2].out;
  std::fill_n(dkernel, size, T(0));
  if (size == 0 || g.places(true) == 0) return;
  const std::vector<Run> runs = depthwise::runs_of(g.axes[2], true, kLongestRun);
  const Index n = static_cast<Index>(runs.size()), units = g.places(true) / length * n;
  const Index block = grain(g, true, units, kMostPartialSums), blocks = (units + block - 1) / block;
  Buffer<T> partial(blocks * size);
  parallel_for(units, block, [&](Index begin, Index end) {
    T* sums = partial.data() + begin / block * size;
    std::fill_n(sums, size, T(0));
    for (Index unit = begin; unit < end;) {
      const Index row = unit / n;
      Row meets(g, true, row);
      for (; unit < end && unit / n == row; ++unit) {
        const Run& run = runs[static_cast<std::size_t>(unit % n)];
        const T* dy = up + (row * length + run.first) * q;
        const std::vector<Meeting>& meetings = meets.meetings(run);
        std::size_t done = 0;
        add_kernel_sums<9>(meetings, &done, run, q, from, dy, sums);
        add_kernel_sums<3>(meetings, &done, run, q, from, dy, sums);
        add_kernel_sums<1>(meetings, &done, run, q, from, dy, sums);
      }
    }
  });
  parallel_for(size, kElements, [&](Index begin, Index end) {
    for (Index b = 0; b < blocks; ++b) {
      const T* sums = partial.data() + b * size;
      for (Index i = begin; i < end; ++i) dkernel[i] += sums[i];
    }
  });
}

/// The inputs in C order, each channel repeated as often as it has kernels.
template <class T>
class Repeated {
 public:
  Repeated(const View<const T>& x, Index times) : packed_(x), copy_(times > 1 ? x.size() * times : 0) {
    if (times <= 1) return;
    parallel_for(x.size(), kElements, [&](Index begin, Index end) {
      for (Index i = begin; i < end; ++i) std::fill_n(copy_.data() + i * times, times, packed_.data()[i]);
    });
  }
  const T* data() { return copy_.data() != nullptr ? copy_.data() : packed_.data(); }

 private:
  InOrder<T> packed_;
  Buffer<T> copy_;
};

template <class T>
void input_gradient(const Geometry& g, const T* up, const T* kernel, T* dinputs) {
  if (g.multiplier == 1) return convolve<T>(g, false, up, kernel, nullptr, Activation::linear, dinputs);
  const Index n = g.places(false) * g.channels;
  Buffer<T> each(n * g.multiplier);
  convolve<T>(g, false, up, kernel, nullptr, Activation::linear, each.data());
  parallel_for(n, kElements, [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      T sum = 0;
      for (Index m = 0; m < g.multiplier; ++m) sum += each[i * g.multiplier + m];
      dinputs[i] = sum;
    }
  });
}

}  // namespace

Dims depthwise_conv_shape(const Dims& inputs, const Dims& kernel, const DepthwiseWindows& windows) {
  const Geometry g = geometry(inputs, kernel, windows);
  Dims shape = inputs;
  const int spatial = inputs.size() - 2;
  for (int i = 0; i < spatial; ++i) shape[1 + i] = g.axes[3 - spatial + i].out;
  shape.back() = g.outputs();
  return shape;
}

template <class T>
void depthwise_conv_forward(const View<const T>& inputs, const View<const T>& kernel,
                            const View<const T>* bias, const DepthwiseWindows& windows, Activation activation,
                            const View<T>& y) {
  const Geometry g = geometry(inputs.shape, kernel.shape, windows);
  check_shape(kOp, "y", y.shape, depthwise_conv_shape(inputs.shape, kernel.shape, windows));
  if (bias != nullptr) check_shape(kOp, "bias", bias->shape, {g.outputs()});
  Repeated<T> from(inputs, g.multiplier);
  const InOrder<T> weights(kernel), line(bias != nullptr ? *bias : View<const T>());
  convolve(g, true, from.data(), weights.data(), line.data(), activation, y.data);
}

template <class T>
void depthwise_conv_backward(const View<const T>& inputs, const View<const T>& kernel, const View<const T>& y,
                             const View<const T>& dy, const DepthwiseWindows& windows, Activation activation,
                             const View<T>* dinputs, const View<T>* dkernel, const View<T>* dbias) {
  const Geometry g = geometry(inputs.shape, kernel.shape, windows);
  const Dims shape = depthwise_conv_shape(inputs.shape, kernel.shape, windows);
  check_shape(kOp, "y", y.shape, shape);
  check_shape(kOp, "dy", dy.shape, shape);
  const InOrder<T> up(dy);
  const T* dz = up.data();
  const bool linear = activation == Activation::linear;
  Buffer<T> own(linear ? 0 : dy.size());
  if (!linear || dbias != nullptr) {
    const InOrder<T> out(linear ? View<const T>() : y);
    activation_and_bias_backward(activation, g.places(true), g.outputs(), out.data(), up.data(), own.data(),
                                 dbias != nullptr ? dbias->data : nullptr);
    if (!linear) dz = own.data();
  }
  if (dkernel != nullptr) {
    Repeated<T> from(inputs, g.multiplier);
    kernel_gradient(g, from.data(), dz, dkernel->data);
  }
  if (dinputs != nullptr) input_gradient(g, dz, InOrder<T>(kernel).data(), dinputs->data);
}

#define FASTNN_INSTANTIATE(T)                                                                             \
  template void depthwise_conv_forward(const View<const T>&, const View<const T>&, const View<const T>*,  \
                                       const DepthwiseWindows&, Activation, const View<T>&);              \
  template void depthwise_conv_backward(const View<const T>&, const View<const T>&, const View<const T>&, \
                                        const View<const T>&, const DepthwiseWindows&, Activation,        \
                                        const View<T>*, const View<T>*, const View<T>*);
FASTNN_INSTANTIATE(float)
FASTNN_INSTANTIATE(double)
#undef FASTNN_INSTANTIATE

}  // namespace fastnn
