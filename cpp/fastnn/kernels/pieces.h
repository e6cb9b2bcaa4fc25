// All parameters of a model at once, cut into pieces by size: the loop of every optimizer.
#pragma once

#include <algorithm>
#include <array>
#include <deque>
#include <string>
#include <vector>

#include "fastnn/core/check.h"
#include "fastnn/core/parallel.h"
#include "fastnn/kernels/contiguous.h"
#include "fastnn/ops/parameter.h"

namespace fastnn {

namespace detail {

/// Contiguous memory for an array that is changed in place; a copy is written back at the end.
template <class T>
class Updated {
 public:
  explicit Updated(const View<T>& x) : view_(x), packed_(View<const T>(x)) {}
  ~Updated() {
    if (packed_.data() != view_.data) {
      scatter(packed_.data(), view_.data, view_.shape.begin(), view_.strides.begin(), view_.ndim());
    }
  }
  Updated(const Updated&) = delete;
  Updated& operator=(const Updated&) = delete;
  // Either the caller's own writeable memory or our copy of it.
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
  std::deque<detail::Updated<T>> updated;
  std::deque<InOrder<T>> gradients;
  Index total = 0;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Parameter<T>& p = parameters[i];
    const std::string at = "[" + std::to_string(i) + "]";
    check_shape(op, ("grads" + at).c_str(), p.g.shape, p.w.shape);
    Piece piece{total += p.w.size(),
                p.w.size(),
                updated.emplace_back(p.w).data(),
                gradients.emplace_back(p.g).data(),
                {}};
    for (std::size_t k = 0; k < kMaxSlots; ++k) {
      if (!in_use[k]) continue;
      check_shape(op, ("slots" + at).c_str(), p.slots[k].shape, p.w.shape);
      piece.slots[k] = updated.emplace_back(p.slots[k]).data();
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
