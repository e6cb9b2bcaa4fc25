// All parameters of a model at once, cut into pieces by size: the loop of every optimizer.
#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "fastnn/core/check.h"
#include "fastnn/core/parallel.h"
#include "fastnn/kernels/contiguous.h"
#include "fastnn/ops/parameter.h"

namespace fastnn {

namespace detail {

/// A contiguous copy of an array that is changed in place, written back at the end.
template <class T>
class Updated {
 public:
  explicit Updated(const View<T>& x) : view_(x), packed_(View<const T>(x)) {}
  ~Updated() {
    scatter(packed_.data(), view_.data, view_.shape.begin(), view_.strides.begin(), view_.ndim());
  }
  Updated(const Updated&) = delete;
  Updated& operator=(const Updated&) = delete;
  T* data() { return const_cast<T*>(packed_.data()); }

 private:
  static const T* scatter(const T* from, T* x, const Index* shape, const Index* strides, int ndim) {
    if (ndim == 0) {
      *x = *from;
      return from + 1;
    }
    for (Index i = 0; i < shape[0]; ++i) {
      from = scatter(from, x + i * strides[0], shape + 1, strides + 1, ndim - 1);
    }
    return from;
  }
  View<T> view_;
  InOrder<T> packed_;
};

/// Copies of those arrays that have gaps or another order, for as long as the update runs.
template <class T>
class Copies {
 public:
  T* changed(const View<T>& x) {
    return x.is_contiguous() ? x.data : changed_.emplace_back(std::make_unique<Updated<T>>(x))->data();
  }
  const T* read(const View<const T>& x) {
    return x.is_contiguous() ? x.data : read_.emplace_back(std::make_unique<InOrder<T>>(x))->data();
  }

 private:
  std::vector<std::unique_ptr<Updated<T>>> changed_;
  std::vector<std::unique_ptr<InOrder<T>>> read_;
};

inline void check_like_parameter(const char* op, const char* list, std::size_t i, const Dims& shape,
                                 const Dims& wanted) {
  if (shape != wanted) check_shape(op, (list + ("[" + std::to_string(i) + "]")).c_str(), shape, wanted);
}

}  // namespace detail

/// Calls step(n, w, g, slots) for contiguous pieces that cover all elements of all parameters, in one
/// parallel region. Elements are independent, so pieces may have any size.
template <class T, class F>
void for_each_piece(const char* op, const std::vector<Parameter<T>>& parameters,
                    const std::array<bool, kMaxSlots>& in_use, F step) {
  struct Piece {
    Index end;  // of this parameter among the elements of all
    Index size;
    T* w;
    const T* g;
    std::array<T*, kMaxSlots> slots;
  };
  std::vector<Piece> pieces;
  pieces.reserve(parameters.size());
  detail::Copies<T> copies;
  Index total = 0;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Parameter<T>& p = parameters[i];
    detail::check_like_parameter(op, "grads", i, p.g.shape, p.w.shape);
    Piece piece{total += p.w.size(), p.w.size(), copies.changed(p.w), copies.read(p.g), {}};
    for (std::size_t k = 0; k < kMaxSlots; ++k) {
      if (!in_use[k]) continue;
      detail::check_like_parameter(op, "slots", i, p.slots[k].shape, p.w.shape);
      piece.slots[k] = copies.changed(p.slots[k]);
    }
    pieces.push_back(piece);
  }
  constexpr Index kBlock = 16 * 1024;
  parallel_for(total, kBlock, [&](Index begin, Index end) {
    auto piece = std::upper_bound(pieces.begin(), pieces.end(), begin,
                                  [](Index at, const Piece& p) { return at < p.end; });
    for (; begin < end; ++piece) {
      const Index offset = begin - (piece->end - piece->size);
      const Index n = std::min(end, piece->end) - begin;
      std::array<T*, kMaxSlots> at = piece->slots;
      for (std::size_t k = 0; k < kMaxSlots; ++k) {
        if (in_use[k]) at[k] += offset;
      }
      step(n, piece->w + offset, piece->g + offset, at);
      begin += n;
    }
  });
}

/// Decoupled weight decay, before the update as in Keras: w -= w weight_decay lr.
template <class T>
inline void decay(Index n, T* w, T weight_decay, T lr) {
  if (weight_decay == 0) return;
  for (Index i = 0; i < n; ++i) w[i] -= w[i] * weight_decay * lr;
}

}  // namespace fastnn
