#include "fastnn/ops/matmul.h"

#include "fastnn/core/check.h"
#include "fastnn/core/parallel.h"
#include "fastnn/core/shape.h"
#include "fastnn/kernels/gemm.h"

namespace fastnn {
namespace {

constexpr const char* kOp = "matmul";
// Stacks of products with fewer multiplications than this each are shared out whole.
constexpr Index kSmallProduct = Index{1} << 22;
// Multiplications that are worth handing to a thread.
constexpr Index kGrain = Index{1} << 18;

/// The dimensions before the matrix.
Dims stack_of(const Dims& shape) {
  Dims stack = shape;
  stack.pop_back();
  stack.pop_back();
  return stack;
}

/// A vector becomes a matrix of one row (left) or one column (right).
template <class T>
void make_matrix(View<const T>& x, bool left) {
  if (x.ndim() != 1) return;
  const Index size = x.shape[0], step = x.strides[0];
  x.shape = left ? Dims{1, size} : Dims{size, 1};
  x.strides = left ? Dims{0, step} : Dims{step, 0};
}

/// Offset of matrix `i` of a stack.
Index offset(Index i, const Dims& stack, const Dims& strides) {
  Index sum = 0;
  for (int d = stack.size() - 1; d >= 0; --d) {
    sum += i % stack[d] * strides[d];
    i /= stack[d];
  }
  return sum;
}

}  // namespace

Dims matmul_shape(const Dims& a, const Dims& b) {
  check(a.size() > 0 && b.size() > 0, kOp, "operands must have at least one dimension; received shapes ", a,
        " and ", b);
  const bool vector_a = a.size() == 1, vector_b = b.size() == 1;
  check(a.back() == b[vector_b ? 0 : b.size() - 2], kOp, "a.shape[-1] must equal b.shape[",
        vector_b ? "0" : "-2", "]; received a ", a, ", b ", b);
  Dims shape = broadcast_shape(kOp, vector_a ? Dims() : stack_of(a), vector_b ? Dims() : stack_of(b));
  if (!vector_a) shape.push_back(a[a.size() - 2]);
  if (!vector_b) shape.push_back(b.back());
  return shape;
}

template <class T>
void matmul_forward(View<const T> a, View<const T> b, const View<T>& y) {
  check_shape(kOp, "y", y.shape, matmul_shape(a.shape, b.shape));
  make_matrix(a, true);
  make_matrix(b, false);
  const int last = a.ndim() - 1, last_b = b.ndim() - 1;
  Index m = a.shape[last - 1];
  const Index k = a.shape[last], n = b.shape[last_b];
  const Index a_row = a.strides[last - 1], a_col = a.strides[last];
  const Index b_row = b.strides[last_b - 1], b_col = b.strides[last_b];

  const Dims known_a = stack_of(a.shape), known_b = stack_of(b.shape);
  Dims stack = broadcast_shape(kOp, known_a, known_b);
  Dims strides[] = {broadcast_to(View<const T>(a.data, known_a, stack_of(a.strides)), stack).strides,
                    broadcast_to(View<const T>(b.data, known_b, stack_of(b.strides)), stack).strides};
  collapse(stack, strides, 2);
  // One b for a stack of a whose rows follow each other: a single tall product.
  if (stack.size() == 1 && strides[1][0] == 0 && (m == 1 || strides[0][0] == m * a_row)) {
    const Index row = m == 1 ? strides[0][0] : a_row;
    m *= stack[0];
    gemm<T>(m, n, k, a.data, row, a_col, b.data, b_row, b_col, y.data, n);
    return;
  }
  const Index count = View<const T>(nullptr, stack).size(), work = std::max<Index>(m * n * k, 1);
  const auto products = [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      gemm<T>(m, n, k, a.data + offset(i, stack, strides[0]), a_row, a_col,
              b.data + offset(i, stack, strides[1]), b_row, b_col, y.data + i * m * n, n);
    }
  };
  // Threads share out either the small products or the blocks of each large one.
  if (work < kSmallProduct) {
    parallel_for(count, std::max<Index>(kGrain / work, 1), products);
  } else {
    products(0, count);
  }
}

template void matmul_forward(View<const float>, View<const float>, const View<float>&);
template void matmul_forward(View<const double>, View<const double>, const View<double>&);

}  // namespace fastnn
