// Windows over images in C order, (batch, in[0], in[1], in[2], channels): neighbouring channels fill the
// lanes of a vector. Where channels are fewer than lanes, the lanes beyond hold what comes next in memory;
// results are then written in order, so that the next one overwrites them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "fastnn/core/parallel.h"
#include "fastnn/core/windows.h"
#include "fastnn/kernels/vector.h"

namespace fastnn {

namespace pooling {

constexpr Index kBlock = 16 * 1024;  // elements of the images that pay for another thread

/// As many channels at once as a vector has lanes.
template <class T>
struct Many {
  static constexpr Index kWidth = kLanes<T>;
  using V = Vec<T>;
  using Int = IntVec<V>;
  template <class P>
  struct Of {
    typedef P type __attribute__((vector_size(kWidth * sizeof(P))));
  };
  template <class To, class From>
  static To convert(From v) {
    return __builtin_convertvector(v, To);
  }
  /// All bits of lanes [begin, end).
  static Int lanes(Index begin, Index end) {
    Int mask;
    for (Index i = 0; i < kWidth; ++i) mask[i] = i >= begin && i < end ? -1 : 0;
    return mask;
  }
};

/// One channel at a time, for images of so few that most lanes would lie idle.
template <class T>
struct One {
  static constexpr Index kWidth = 1;
  using V = T;
  using Int = std::int32_t;
  template <class P>
  struct Of {
    using type = P;
  };
  template <class To, class From>
  static To convert(From v) {
    return static_cast<To>(v);
  }
  static Int lanes(Index, Index) { return -1; }
};

/// A vector of what lies at `from`; what would lie at `end` or beyond is 0.
template <class V, class T>
inline V read(const T* from, const T* end) {
  V v{};
  if (end - from >= static_cast<Index>(sizeof(V) / sizeof(T))) {
    std::memcpy(&v, from, sizeof v);
  } else {
    std::memcpy(&v, from, static_cast<std::size_t>(end - from) * sizeof(T));
  }
  return v;
}
template <class V, class T>
inline void write(T* to, T* end, const V& v) {
  if (end - to >= static_cast<Index>(sizeof(V) / sizeof(T))) {
    std::memcpy(to, &v, sizeof v);
  } else {
    std::memcpy(to, &v, static_cast<std::size_t>(end - to) * sizeof(T));
  }
}

/// f(c, first) for pieces of `width` channels from c on that cover all; those before c + first had their
/// turn.
template <class F>
inline void for_channels(Index channels, Index width, F f) {
  Index c = 0;
  for (; c + width <= channels; c += width) f(c, Index{0});
  if (c < channels) {
    const Index from = std::max<Index>(0, channels - width);
    f(from, c - from);
  }
}

/// f(n, i, j, row) for the rows [begin, end) of the images' planes.
template <class F>
inline void for_rows(const Index* planes, Index begin, Index end, F f) {
  for (Index row = begin; row < end; ++row) {
    f(row / planes[1] / planes[0], row / planes[1] % planes[0], row % planes[1], row);
  }
}

/// Calls rows(begin, end) for blocks of the rows of all results, or of all images.
template <class F>
void in_blocks(const Windows& w, const Index* planes, F rows) {
  const Index count = w.batch * planes[0] * planes[1];
  if (w.outputs() == 0 || count == 0) return;
  parallel_for(count, std::max<Index>(1, kBlock * count / std::max<Index>(w.inputs(), 1)), rows);
}

/// window(at, corner, box, c) for every result at y[at .. at + kWidth) of some rows; corner + the distance
/// inside the window is where its elements lie.
template <class Lanes, class F>
void for_windows(const Windows& w, Index begin, Index end, F window) {
  for_rows(w.out, begin, end, [&](Index n, Index i, Index j, Index row) {
    Windows::Range box[3] = {w.inside(0, i), w.inside(1, j), {}};
    for (Index k = 0; k < w.out[2]; ++k) {
      box[2] = w.inside(2, k);
      const Index corner = w.in_row(n, i * w.stride[0] - w.before[0], j * w.stride[1] - w.before[1]) +
                           (k * w.stride[2] - w.before[2]) * w.channels;
      for_channels(w.channels, Lanes::kWidth,
                   [&](Index c, Index) { window((row * w.out[2] + k) * w.channels + c, corner + c, box); });
    }
  });
}

/// f(element, position) for what lies in the box, in C order.
template <class F>
inline void for_elements(const Windows& w, const Windows::Range* box, F f) {
  for (Index i = box[0].begin; i < box[0].end; ++i) {
    for (Index j = box[1].begin; j < box[1].end; ++j) {
      const Index row = (i * w.in[1] + j) * w.in[2], position = (i * w.size[1] + j) * w.size[2];
      for (Index k = box[2].begin; k < box[2].end; ++k) f((row + k) * w.channels, position + k);
    }
  }
}

inline Index count(const Windows::Range* box) {
  Index n = 1;
  for (int d = 0; d < 3; ++d) n *= box[d].end - box[d].begin;
  return n;
}

/// The largest of each window and, unless `positions` is null, where in the window it first stands. NaN is
/// larger than all.
template <class Lanes, class T, class P>
void max_forward(const Windows& w, const T* x, T* y, P* positions) {
  using V = typename Lanes::V;
  using Int = typename Lanes::Int;
  using Positions = typename Lanes::template Of<P>::type;
  const T* x_end = x + w.inputs();
  in_blocks(w, w.out, [&](Index begin, Index end) {
    const Index stop = end * w.out[2] * w.channels;
    for_windows<Lanes>(w, begin, end, [&](Index at, Index corner, const Windows::Range* box) {
      V best = V{} - std::numeric_limits<T>::infinity();
      Index first = 0;
      for (int d = 0; d < 3; ++d) first = first * w.size[d] + box[d].begin;
      Int where = Int{} + static_cast<std::int32_t>(first);
      for_elements(w, box, [&](Index element, Index position) {
        const V v = read<V>(x + (corner + element), x_end);
        const auto larger = (best == best) & ((v > best) | (v != v));
        best = larger ? v : best;
        where = larger ? Int{} + static_cast<std::int32_t>(position) : where;
      });
      write(y + at, y + stop, best);
      if (positions != nullptr) {
        write(positions + at, positions + stop, Lanes::template convert<Positions>(where));
      }
    });
  });
}

template <class Lanes, class T>
void average_forward(const Windows& w, const T* x, T* y) {
  using V = typename Lanes::V;
  const T* x_end = x + w.inputs();
  in_blocks(w, w.out, [&](Index begin, Index end) {
    for_windows<Lanes>(w, begin, end, [&](Index at, Index corner, const Windows::Range* box) {
      V sum{};
      for_elements(w, box, [&](Index element, Index) { sum += read<V>(x + (corner + element), x_end); });
      write(y + at, y + end * w.out[2] * w.channels, V(sum / static_cast<T>(count(box))));
    });
  });
}

/// Adds up for every element of the images what the windows around it give: part(at, box) of one window,
/// called with an element's position. Rows of the images are worked on by themselves, so that no two threads
/// write to one; what is added to an element is added in the order of the windows.
template <class Lanes, class T, class Part>
void spread(const Windows& w, T* dx, Part part) {
  using V = typename Lanes::V;
  const auto rest = Lanes::lanes(w.channels < Lanes::kWidth ? 0 : Lanes::kWidth - w.channels % Lanes::kWidth,
                                 std::min(w.channels, Lanes::kWidth));
  const auto every = Lanes::lanes(0, Lanes::kWidth);
  in_blocks(w, w.in, [&](Index begin, Index end) {
    T* stop = dx + end * w.in[2] * w.channels;
    for_rows(w.in, begin, end, [&](Index n, Index i, Index j, Index row) {
      T* to = dx + row * w.in[2] * w.channels;
      std::fill_n(to, w.in[2] * w.channels, T{0});
      const Windows::Range is = w.around(0, i), js = w.around(1, j);
      for (Index oi = is.begin; oi < is.end; ++oi) {
        for (Index oj = js.begin; oj < js.end; ++oj) {
          Windows::Range box[3] = {w.inside(0, oi), w.inside(1, oj), {}};
          const Index wi = i + w.before[0] - oi * w.stride[0], wj = j + w.before[1] - oj * w.stride[1];
          const Index position = (wi * w.size[1] + wj) * w.size[2], out_row = w.out_row(n, oi, oj);
          for (Index ok = 0; ok < w.out[2]; ++ok) {
            box[2] = w.inside(2, ok);
            T* corner = to + (ok * w.stride[2] - w.before[2] + box[2].begin) * w.channels;
            for_channels(w.channels, Lanes::kWidth, [&](Index c, Index first) {
              const auto give = part(out_row + ok * w.channels + c, box);
              const auto mine = first == 0 && w.channels >= Lanes::kWidth ? every : rest;
              T* element = corner + c;
              for (Index k = box[2].begin; k < box[2].end; ++k, element += w.channels) {
                const V given = mine ? give(position + k) : V{};
                write(element, stop, V(read<V>(element, const_cast<const T*>(stop)) + given));
              }
            });
          }
        }
      }
    });
  });
}

}  // namespace pooling
}  // namespace fastnn
