// Windows over images in C order, (batch, in[0], in[1], in[2], channels): neighbouring channels fill the
// lanes of a vector. Where channels are fewer than lanes, the lanes beyond hold what comes next in memory;
// results are then written in order, so that the next one overwrites them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

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
};

// The ends of arrays, kept out of the way: inlined, they would make the compiler pass vectors through memory.
template <class V, class T>
[[gnu::noinline, gnu::cold]] V read_end(const T* from, const T* end) {
  V v{};
  std::memcpy(&v, from, static_cast<std::size_t>(end - from) * sizeof(T));
  return v;
}
template <class V, class T>
[[gnu::noinline, gnu::cold]] void write_end(T* to, T* end, V v) {
  std::memcpy(to, &v, static_cast<std::size_t>(end - to) * sizeof(T));
}

/// A vector of what lies at `from`; what would lie at `end` or beyond is 0.
template <class V, class T>
inline V read(const T* from, const T* end) {
  if (end - from < static_cast<Index>(sizeof(V) / sizeof(T))) return read_end<V>(from, end);
  V v;
  std::memcpy(&v, from, sizeof v);
  return v;
}
template <class V, class T>
inline void write(T* to, T* end, V v) {
  if (end - to < static_cast<Index>(sizeof(V) / sizeof(T))) return write_end(to, end, v);
  std::memcpy(to, &v, sizeof v);
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
      for (Index c = 0; c < w.channels; c += Lanes::kWidth) {
        window((row * w.out[2] + k) * w.channels + c, corner + c, box);
      }
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

/// Adds up for every element of the images what the windows around it give: part(at, position, count)(c) for
/// the channels from c on of the window whose results begin at y[at], where the element stands in it, and of
/// how many it is one. The order is that of the windows; rows of the images are worked on by themselves, so
/// that no two threads write to one.
template <class Lanes, class T, class Part>
void gather(const Windows& w, T* dx, Part part) {
  using V = typename Lanes::V;
  struct Row {  // of windows around a row of the image
    Index at, position, count;
  };
  std::vector<Windows::Range> columns;  // the windows around each element of a row
  for (Index k = 0; k < w.in[2]; ++k) columns.push_back(w.around(2, k));
  in_blocks(w, w.in, [&](Index begin, Index end) {
    T* stop = dx + end * w.in[2] * w.channels;
    std::vector<Row> rows;
    for_rows(w.in, begin, end, [&](Index n, Index i, Index j, Index row) {
      rows.clear();
      const Windows::Range is = w.around(0, i), js = w.around(1, j);
      for (Index oi = is.begin; oi < is.end; ++oi) {
        for (Index oj = js.begin; oj < js.end; ++oj) {
          const Windows::Range a = w.inside(0, oi), b = w.inside(1, oj);
          const Index wi = i + w.before[0] - oi * w.stride[0], wj = j + w.before[1] - oj * w.stride[1];
          rows.push_back({w.out_row(n, oi, oj), (wi * w.size[1] + wj) * w.size[2] + w.before[2],
                          (a.end - a.begin) * (b.end - b.begin)});
        }
      }
      T* to = dx + row * w.in[2] * w.channels;
      for (Index k = 0; k < w.in[2]; ++k, to += w.channels) {
        const Windows::Range ks = columns[static_cast<std::size_t>(k)];
        bool first = true;
        for (const Row& r : rows) {
          for (Index o = ks.begin; o < ks.end; ++o, first = false) {
            const Windows::Range inside = w.inside(2, o);
            const auto give = part(r.at + o * w.channels, r.position + k - o * w.stride[2],
                                   r.count * (inside.end - inside.begin));
            if (first) {
              for (Index c = 0; c < w.channels; c += Lanes::kWidth) write(to + c, stop, give(c));
            } else {
              for (Index c = 0; c < w.channels; c += Lanes::kWidth) {
                write(to + c, stop, V(read<V>(to + c, const_cast<const T*>(stop)) + give(c)));
              }
            }
          }
        }
        if (first) std::fill_n(to, w.channels, T{0});
      }
    });
  });
}

/// The same of the largest elements alone, for images of few channels: the image of each block is zero but
/// for those.
template <class T, class P>
void scatter(const Windows& w, const T* dy, const P* positions, T* dx) {
  const Index image = w.in_row(1, 0, 0);
  std::vector<Index> offsets;  // of each position
  for (Index i = 0; i < w.size[0]; ++i) {
    for (Index j = 0; j < w.size[1]; ++j) {
      for (Index k = 0; k < w.size[2]; ++k) offsets.push_back(w.in_row(0, i, j) + k * w.channels);
    }
  }
  parallel_for(w.batch, std::max<Index>(1, kBlock / std::max<Index>(image, 1)), [&](Index begin, Index end) {
    std::fill(dx + begin * image, dx + end * image, T{0});
    for_windows<One<T>>(w, begin * w.out[0] * w.out[1], end * w.out[0] * w.out[1],
                        [&](Index at, Index corner, const Windows::Range*) {
                          const auto position = static_cast<std::size_t>(positions[at]);
                          if (position < offsets.size()) dx[corner + offsets[position]] += dy[at];
                        });
  });
}

}  // namespace pooling
}  // namespace fastnn
