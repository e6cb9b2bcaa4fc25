// Element-wise functions over arrays of any layout. The walker cuts the work into chunks and gathers what
// does not lie contiguous into a small scratch, so that the functions see contiguous chunks only.
#pragma once

#include <type_traits>

#include "fastnn/core/view.h"
#include "fastnn/kernels/map.h"

namespace fastnn {

/// Elements below which one thread works alone, because waking another costs more: for arithmetic, which
/// waits for memory, and for exp and its kin.
constexpr Index kCheapGrain = 32768, kCostlyGrain = 8192;

/// The most operands of an element-wise function.
constexpr int kMaxOperands = 3;

/// One operand of a chunk: contiguous (step 1) or one value for all elements (step 0).
template <class T>
struct Operand {
  const T* data;
  Index step;
};

/// Writes out[0], ..., out[n - 1] from as many operands as the function has. Out is T or bool.
template <class T, class Out>
using Chunk = void (*)(Index n, const Operand<T>* operands, Out* out);

/// Calls f on chunks that cover `out`. The operands have out's shape (see broadcast_to) and any strides; out
/// fills its memory without gaps, its dimensions in any order, and overlaps no operand, unless that operand
/// lies exactly as out does.
template <class T, class Out>
void walk(const View<const T>* operands, int count, const View<Out>& out, Index grain, Chunk<T, Out> f);

/// Calls f(reader) with the cheapest way to read the operand.
template <class T, class F>
inline void with_reader(const Operand<T>& operand, F f) {
  if (operand.step == 0) {
    f(Repeated<T>{splat<Vec<T>>(*operand.data)});
  } else {
    f(Contiguous<T>{operand.data});
  }
}

/// The chunk that applies F, a function object on vectors, to one, two and three operands. Where Out is bool,
/// F compares.
template <class T, class Out, class F>
void unary_chunk(Index n, const Operand<T>* in, Out* out) {
  with_reader(in[0], [&](auto x) { map(n, out, F{}, x); });
}
template <class T, class Out, class F>
void binary_chunk(Index n, const Operand<T>* in, Out* out) {
  with_reader(in[0], [&](auto a) { with_reader(in[1], [&](auto b) { map(n, out, F{}, a, b); }); });
}
template <class T, class Out, class F>
void ternary_chunk(Index n, const Operand<T>* in, Out* out) {
  with_reader(in[0], [&](auto a) {
    with_reader(in[1], [&](auto b) { with_reader(in[2], [&](auto c) { map(n, out, F{}, a, b, c); }); });
  });
}

}  // namespace fastnn
