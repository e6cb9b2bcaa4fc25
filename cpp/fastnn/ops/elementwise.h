// What all element-wise ops share: checks, broadcasting and the walk; and one line that defines each of them.
#pragma once

#include "fastnn/core/shape.h"
#include "fastnn/kernels/elementwise.h"

namespace fastnn::detail {

template <class T, class Out, int N>
void walk_broadcast(const char* op, const View<const T>* const (&x)[N], const View<Out>& out, Index grain,
                    Chunk<T, Out> chunk) {
  Dims shape = x[0]->shape;
  for (int k = 1; k < N; ++k) shape = broadcast_shape(op, shape, x[k]->shape);
  check_shape(op, "out", out.shape, shape);
  View<const T> operands[N];
  for (int k = 0; k < N; ++k) operands[k] = broadcast_to(*x[k], shape);
  walk(operands, N, out, grain, chunk);
}

}  // namespace fastnn::detail

/// FASTNN_UNARY(square, kCheapGrain, x * x) defines, for float and double,
///   template <class T> void square(const View<const T>& x, const View<T>& out);
/// from an expression in vectors. FASTNN_BINARY has the vectors a and b, FASTNN_TERNARY a, b and c.
/// FASTNN_TEST(isnan, x != x) and FASTNN_COMPARE(less, a < b) fill an array of bool.
///
/// `out` has the shape that the operands broadcast to, fills its memory without gaps (its dimensions in any
/// order), and overlaps no operand unless that one lies exactly as out does.
#define FASTNN_UNARY(name, grain, ...)                                     \
  FASTNN_UNARY_INTO(name, T, grain, __VA_ARGS__)                           \
  template void name<float>(const View<const float>&, const View<float>&); \
  template void name<double>(const View<const double>&, const View<double>&);
#define FASTNN_TEST(name, ...)                                            \
  FASTNN_UNARY_INTO(name, bool, kCheapGrain, __VA_ARGS__)                 \
  template void name<float>(const View<const float>&, const View<bool>&); \
  template void name<double>(const View<const double>&, const View<bool>&);
#define FASTNN_BINARY(name, grain, ...)                                                              \
  FASTNN_BINARY_INTO(name, T, grain, __VA_ARGS__)                                                    \
  template void name<float>(const View<const float>&, const View<const float>&, const View<float>&); \
  template void name<double>(const View<const double>&, const View<const double>&, const View<double>&);
#define FASTNN_COMPARE(name, ...)                                                                   \
  FASTNN_BINARY_INTO(name, bool, kCheapGrain, __VA_ARGS__)                                          \
  template void name<float>(const View<const float>&, const View<const float>&, const View<bool>&); \
  template void name<double>(const View<const double>&, const View<const double>&, const View<bool>&);
#define FASTNN_TERNARY(name, grain, ...)                                                                  \
  namespace {                                                                                             \
  struct name##_of_lanes {                                                                                \
    template <class V>                                                                                    \
    auto operator()(V a, V b, V c) const {                                                                \
      return __VA_ARGS__;                                                                                 \
    }                                                                                                     \
  };                                                                                                      \
  }                                                                                                       \
  template <class T>                                                                                      \
  void name(const View<const T>& a, const View<const T>& b, const View<const T>& c, const View<T>& out) { \
    detail::walk_broadcast<T, T>(#name, {&a, &b, &c}, out, grain, ternary_chunk<T, T, name##_of_lanes>);  \
  }                                                                                                       \
  template void name<float>(const View<const float>&, const View<const float>&, const View<const float>&, \
                            const View<float>&);                                                          \
  template void name<double>(const View<const double>&, const View<const double>&,                        \
                             const View<const double>&, const View<double>&);

#define FASTNN_UNARY_INTO(name, Out, grain, ...)                                                   \
  namespace {                                                                                      \
  struct name##_of_lanes {                                                                         \
    template <class V>                                                                             \
    auto operator()(V x) const {                                                                   \
      return __VA_ARGS__;                                                                          \
    }                                                                                              \
  };                                                                                               \
  }                                                                                                \
  template <class T>                                                                               \
  void name(const View<const T>& x, const View<Out>& out) {                                        \
    detail::walk_broadcast<T, Out>(#name, {&x}, out, grain, unary_chunk<T, Out, name##_of_lanes>); \
  }
#define FASTNN_BINARY_INTO(name, Out, grain, ...)                                                       \
  namespace {                                                                                           \
  struct name##_of_lanes {                                                                              \
    template <class V>                                                                                  \
    auto operator()(V a, V b) const {                                                                   \
      return __VA_ARGS__;                                                                               \
    }                                                                                                   \
  };                                                                                                    \
  }                                                                                                     \
  template <class T>                                                                                    \
  void name(const View<const T>& a, const View<const T>& b, const View<Out>& out) {                     \
    detail::walk_broadcast<T, Out>(#name, {&a, &b}, out, grain, binary_chunk<T, Out, name##_of_lanes>); \
  }
