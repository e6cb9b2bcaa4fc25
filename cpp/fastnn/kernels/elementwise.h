// Element-wise functions over arrays of any layout. The walker cuts the work into chunks and gathers what
// does not lie contiguous into a small scratch, so that the functions see contiguous chunks only.
#pragma once

#include "fastnn/core/view.h"
#include "fastnn/kernels/map.h"

namespace fastnn {

/// Elements below which one thread works alone, because waking another costs more: for arithmetic, which
/// waits for memory, and for exp and its kin.
constexpr Index kCheapGrain = 32768, kCostlyGrain = 8192;

/// One operand of a chunk: contiguous (step 1) or one value for all elements (step 0).
template <class T>
struct Operand {
  const T* data;
  Index step;
};

/// Writes out[0], ..., out[n - 1] from as many operands as the function has.
template <class T>
using Chunk = void (*)(Index n, const Operand<T>* operands, T* out);

/// Calls f on chunks that cover `out`. The operands, one or two, have out's shape (see broadcast_to) and any
/// strides; out fills its memory without gaps, its dimensions in any order, and overlaps no operand.
template <class T>
void walk(const View<const T>* operands, int count, const View<T>& out, Index grain, Chunk<T> f);

/// Calls f(reader) with the cheapest way to read the operand.
template <class T, class F>
inline void with_reader(const Operand<T>& operand, F f) {
  if (operand.step == 0) {
    f(Repeated<T>{splat<Vec<T>>(*operand.data)});
  } else {
    f(Contiguous<T>{operand.data});
  }
}

/// The chunk that applies F, a function object on vectors, to one operand; and to two.
template <class T, class F>
void unary_chunk(Index n, const Operand<T>* in, T* out) {
  with_reader(in[0], [&](auto x) { map(n, out, F{}, x); });
}
template <class T, class F>
void binary_chunk(Index n, const Operand<T>* in, T* out) {
  with_reader(in[0], [&](auto a) { with_reader(in[1], [&](auto b) { map(n, out, F{}, a, b); }); });
}

}  // namespace fastnn
