// Convolution of each channel by itself, the channels side by side in memory: every vector holds neighbouring
// channels of one position. The same loops serve the gradient of the inputs, which only reads other places.
#pragma once

#include <algorithm>
#include <vector>

#include "fastnn/kernels/lanes.h"

namespace fastnn::depthwise {

/// One spatial dimension of a convolution. Output o reads input o stride - before + tap dilation.
struct WindowAxis {
  Index in = 1, out = 1, kernel = 1, stride = 1, dilation = 1, before = 0;
};

/// A kernel position and the source position that it meets.
struct Tap {
  Index kernel, source;
};

/// Destinations first, first + step, ... that meet the same kernel positions, each in sources that lie
/// `source_step` further than those of the destination before.
struct Run {
  Index first, step, count, source_step;
  std::vector<Tap> taps;  // of the first destination
};

/// The inputs that output `o` reads.
inline void forward_taps(const WindowAxis& axis, Index o, std::vector<Tap>* taps) {
  taps->clear();
  for (Index k = 0; k < axis.kernel; ++k) {
    const Index i = o * axis.stride - axis.before + k * axis.dilation;
    if (i >= 0 && i < axis.in) taps->push_back({k, i});
  }
}

/// The outputs that read input `i`.
inline void backward_taps(const WindowAxis& axis, Index i, std::vector<Tap>* taps) {
  taps->clear();
  for (Index k = 0; k < axis.kernel; ++k) {
    const Index o = i + axis.before - k * axis.dilation;
    if (o >= 0 && o % axis.stride == 0 && o / axis.stride < axis.out) taps->push_back({k, o / axis.stride});
  }
}

/// All destinations of an axis in runs of at most `longest`.
inline std::vector<Run> runs_of(const WindowAxis& axis, bool forward, Index longest) {
  const Index n = forward ? axis.out : axis.in, step = forward ? 1 : std::min(axis.stride, axis.in);
  std::vector<Run> runs;
  std::vector<Tap> taps;
  const auto same = [](const Tap& a, const Tap& b) { return a.kernel == b.kernel; };
  for (Index phase = 0; phase < step; ++phase) {
    bool fresh = true;
    for (Index i = phase; i < n; i += step) {
      forward ? forward_taps(axis, i, &taps) : backward_taps(axis, i, &taps);
      if (!fresh && runs.back().count < longest &&
          std::equal(taps.begin(), taps.end(), runs.back().taps.begin(), runs.back().taps.end(), same)) {
        ++runs.back().count;
      } else {
        runs.push_back({i, step, 1, forward ? axis.stride : 1, taps});
      }
      fresh = false;
    }
  }
  return runs;
}

/// A kernel position as offsets, in elements, of its weights and of what the first destination reads.
struct Meeting {
  Index kernel, source;
};

/// Always three spatial dimensions, the first ones of size 1 where there are fewer.
struct Geometry {
  WindowAxis axes[3];
  Index batch, channels, multiplier;
  Index outputs() const { return channels * multiplier; }
  Index taps() const { return axes[0].kernel * axes[1].kernel * axes[2].kernel; }
  Index places(bool forward) const {  // destinations of all samples
    Index n = batch;
    for (const WindowAxis& axis : axes) n *= forward ? axis.out : axis.in;
    return n;
  }
};

/// Everything that one row of destinations meets, run by run.
class Row {
 public:
  Row(const Geometry& g, bool forward, Index row) : g_(g), forward_(forward) {
    Index rest = row;
    for (int i = 1; i >= 0; --i) {
      const WindowAxis& axis = g.axes[i];
      const Index n = forward ? axis.out : axis.in, at = rest % n;
      rest /= n;
      forward ? forward_taps(axis, at, &taps_[i]) : backward_taps(axis, at, &taps_[i]);
    }
    sample_ = rest;
  }
  const std::vector<Meeting>& meetings(const Run& run) {
    meetings_.clear();
    const auto size = [&](int i) { return forward_ ? g_.axes[i].in : g_.axes[i].out; };
    const Index q = g_.outputs();
    for (const Tap& d : taps_[0]) {
      for (const Tap& h : taps_[1]) {
        for (const Tap& w : run.taps) {
          meetings_.push_back(
              {((d.kernel * g_.axes[1].kernel + h.kernel) * g_.axes[2].kernel + w.kernel) * q,
               (((sample_ * size(0) + d.source) * size(1) + h.source) * size(2) + w.source) * q});
        }
      }
    }
    return meetings_;
  }

 private:
  const Geometry& g_;
  bool forward_;
  Index sample_;
  std::vector<Tap> taps_[2];
  std::vector<Meeting> meetings_;
};

/// The first n lanes of a vector, from and to memory: by one instruction where the CPU level has it, because
/// few channels pass through here all the time.
template <class T>
class Part {
 public:
#if defined(__AVX512F__)
  explicit Part(Index n) : mask_(static_cast<__mmask16>((1u << n) - 1)) {}
  Vec<T> load(const T* from) const {
    if constexpr (sizeof(T) == 4) return (Vec<T>)_mm512_maskz_loadu_ps(mask_, from);
    if constexpr (sizeof(T) == 8) return (Vec<T>)_mm512_maskz_loadu_pd(static_cast<__mmask8>(mask_), from);
  }
  void store(T* to, Vec<T> v) const {
    if constexpr (sizeof(T) == 4) _mm512_mask_storeu_ps(to, mask_, (__m512)v);
    if constexpr (sizeof(T) == 8) _mm512_mask_storeu_pd(to, static_cast<__mmask8>(mask_), (__m512d)v);
  }

 private:
  __mmask16 mask_;
#else
  explicit Part(Index n) : n_(n) {}
  Vec<T> load(const T* from) const { return load_part(from, n_); }
  void store(T* to, Vec<T> v) const { store_part(to, v, n_); }

 private:
  Index n_;
#endif
};

/// to[p][c] = bias[c] + sum over taps of kernel[tap][c] from[p][tap][c], for `positions` destinations that
/// lie `to_step` apart and read `from_step` apart. No order of addition depends on how destinations are
/// grouped.
template <int positions, class T>
void strip(const std::vector<Meeting>& meetings, Index channels, const T* kernel, const T* bias,
           const T* from, Index from_step, T* to, Index to_step) {
  const auto columns = [&](Index c, auto vectors, auto read, auto write) {
    constexpr int n = decltype(vectors)::value;
    Vec<T> sums[positions][n];
#pragma GCC unroll 16
    for (int v = 0; v < n; ++v) {
      const Vec<T> start = bias != nullptr ? read(bias + c + v * kLanes<T>) : Vec<T>{};
#pragma GCC unroll 16
      for (int p = 0; p < positions; ++p) sums[p][v] = start;
    }
    if (!meetings.empty()) {  // what the next strip is the first to read
      const T* ahead = from + meetings.back().source + positions * from_step + c;
#pragma GCC unroll 16
      for (int p = 0; p < positions; ++p) {
#pragma GCC unroll 16
        for (int v = 0; v < n; ++v) __builtin_prefetch(ahead + p * from_step + v * kLanes<T>);
      }
    }
    for (const Meeting& meeting : meetings) {
      const T* source = from + meeting.source + c;
#pragma GCC unroll 16
      for (int v = 0; v < n; ++v) {
        const Vec<T> weight = read(kernel + meeting.kernel + c + v * kLanes<T>);
#pragma GCC unroll 16
        for (int p = 0; p < positions; ++p) {
          sums[p][v] = fma(read(source + p * from_step + v * kLanes<T>), weight, sums[p][v]);
        }
      }
    }
#pragma GCC unroll 16
    for (int p = 0; p < positions; ++p) {
#pragma GCC unroll 16
      for (int v = 0; v < n; ++v) write(to + p * to_step + c + v * kLanes<T>, sums[p][v]);
    }
  };
  constexpr std::integral_constant<int, 1> one;
  constexpr std::integral_constant<int, 2> two;
  Index c = 0;
  for (; c + 2 * kLanes<T> <= channels; c += 2 * kLanes<T>) columns(c, two, load<T>, store<T>);
  for (; c + kLanes<T> <= channels; c += kLanes<T>) columns(c, one, load<T>, store<T>);
  if (c < channels) {
    const Part<T> part(channels - c);
    columns(c, one, [&](const T* at) { return part.load(at); }, [&](T* at, Vec<T> v) { part.store(at, v); });
  }
}

template <class T>
void run(const std::vector<Meeting>& meetings, Index count, Index channels, const T* kernel, const T* bias,
         const T* from, Index from_step, T* to, Index to_step) {
  constexpr Index most = 6;  // of two vectors each: 12 sums in registers
  for (Index p = 0; p < count; p += most) {
    const auto some = [&](auto positions) {
      depthwise::strip<decltype(positions)::value>(meetings, channels, kernel, bias, from + p * from_step,
                                                   from_step, to + p * to_step, to_step);
    };
    switch (std::min(count - p, most)) {
      case 1:
        some(std::integral_constant<int, 1>{});
        break;
      case 2:
        some(std::integral_constant<int, 2>{});
        break;
      case 3:
        some(std::integral_constant<int, 3>{});
        break;
      case 4:
        some(std::integral_constant<int, 4>{});
        break;
      case 5:
        some(std::integral_constant<int, 5>{});
        break;
      default:
        some(std::integral_constant<int, 6>{});
    }
  }
}

/// sums[tap][c] += sum over destinations p of from[p][tap][c] up[p][c], for `taps` kernel positions.
template <int taps, class T>
void kernel_sums(const Meeting* meetings, Index count, Index channels, const T* from, Index from_step,
                 const T* up, Index up_step, T* sums) {
  const auto columns = [&](Index c, auto read, auto write) {
    Vec<T> partial[taps] = {};
    const T* sources[taps];
#pragma GCC unroll 16
    for (int t = 0; t < taps; ++t) sources[t] = from + meetings[t].source + c;
    for (Index p = 0; p < count; ++p) {
      const Vec<T> dy = read(up + p * up_step + c);
#pragma GCC unroll 16
      for (int t = 0; t < taps; ++t) partial[t] = fma(read(sources[t] + p * from_step), dy, partial[t]);
    }
#pragma GCC unroll 16
    for (int t = 0; t < taps; ++t) {
      T* to = sums + meetings[t].kernel + c;
      write(to, read(to) + partial[t]);
    }
  };
  Index c = 0;
  for (; c + kLanes<T> <= channels; c += kLanes<T>) columns(c, load<T>, store<T>);
  if (c < channels) {
    const Part<T> part(channels - c);
    columns(c, [&](const T* at) { return part.load(at); }, [&](T* at, Vec<T> v) { part.store(at, v); });
  }
}

}  // namespace fastnn::depthwise
