// Exact equality on small whole numbers: every remainder of the tiles, every kind of stride, every ending.
#include "fastnn/kernels/gemm.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "fastnn/kernels/config.h"
#include "fastnn/kernels/vector.h"

namespace fastnn {
namespace {

enum class Layout { rows, columns, padded, reversed, scattered, repeated_row, repeated_column };
constexpr Layout kLayouts[] = {Layout::rows,           Layout::columns,   Layout::padded,
                               Layout::reversed,       Layout::scattered, Layout::repeated_row,
                               Layout::repeated_column};

/// A matrix of whole numbers from -3 to 3 in some layout. What lies between its elements is NaN.
template <class T>
struct Matrix {
  Matrix(Index rows_, Index columns, Layout layout) {
    row = columns;
    col = 1;
    if (layout == Layout::columns) row = 1, col = rows_;
    if (layout == Layout::padded) row = columns + 3;
    if (layout == Layout::reversed) row = -columns, col = -1;
    if (layout == Layout::scattered) row = 2 * columns + 1, col = 2;
    if (layout == Layout::repeated_row) row = 0;
    if (layout == Layout::repeated_column) row = 1, col = 0;
    const Index last = (rows_ - 1) * std::abs(row) + (columns - 1) * std::abs(col);
    values.assign(static_cast<std::size_t>(last + 1), std::numeric_limits<T>::quiet_NaN());
    origin = values.data() + (layout == Layout::reversed ? last : 0);
    for (Index i = 0; i < rows_; ++i) {
      for (Index j = 0; j < columns; ++j) origin[i * row + j * col] = static_cast<T>((i * 5 + j * 3) % 7 - 3);
    }
  }
  T at(Index i, Index j) const { return origin[i * row + j * col]; }

  std::vector<T> values;
  T* origin;
  Index row, col;
};

template <class T>
void expect_exact(Index m, Index n, Index k, Layout left = Layout::rows, Layout right = Layout::rows,
                  bool bias = false, Activation activation = Activation::linear) {
  const Matrix<T> a(m, k, left), b(k, n, right);
  std::vector<T> line(static_cast<std::size_t>(n));
  for (Index j = 0; j < n; ++j) line[static_cast<std::size_t>(j)] = static_cast<T>(j % 5 - 2);
  // c starts as NaN, which would show if it were read; beside its rows stands a mark.
  const Index c_row = n + 2;
  const T mark = 12345;
  std::vector<T> c(static_cast<std::size_t>(m * c_row), std::numeric_limits<T>::quiet_NaN());
  for (Index i = 0; i < m; ++i) c[static_cast<std::size_t>(i * c_row + n)] = mark;

  gemm<T>(m, n, k, a.origin, a.row, a.col, b.origin, b.row, b.col, c.data(), c_row,
          {bias ? line.data() : nullptr, activation});

  std::vector<T> expected(static_cast<std::size_t>(n));
  for (Index i = 0; i < m; ++i) {
    for (Index j = 0; j < n; ++j) {
      T sum = bias ? line[static_cast<std::size_t>(j)] : 0;
      for (Index p = 0; p < k; ++p) sum += a.at(i, p) * b.at(p, j);
      expected[static_cast<std::size_t>(j)] = sum;
    }
    activation_forward(activation, n, expected.data(), expected.data());
    const T* row = c.data() + i * c_row;
    ASSERT_TRUE(std::equal(expected.begin(), expected.end(), row))
        << "row " << i << " of " << m << "x" << n << "x" << k << ", layouts " << static_cast<int>(left) << " "
        << static_cast<int>(right) << ", bias " << bias << ", activation " << static_cast<int>(activation);
    ASSERT_EQ(row[n], mark);
  }
}

template <class T>
class Gemm : public testing::Test {};
using Types = testing::Types<float, double>;
TYPED_TEST_SUITE(Gemm, Types);

TYPED_TEST(Gemm, EveryRowAndColumnRemainder) {
  for (Index m = 1; m <= 2 * kTileRows + 1; ++m) {
    for (Index n = 1; n <= 4 * kLanes<TypeParam> + 1; ++n) {
      expect_exact<TypeParam>(m, n, kLanes<TypeParam> + 3);
      expect_exact<TypeParam>(m, n, 5, Layout::columns, Layout::columns, true, Activation::relu);
    }
  }
}

TYPED_TEST(Gemm, FewRowsTakeWideTiles) {
  for (Index m = 1; m <= 7; ++m) {
    for (Index n = 1; n <= 9 * kLanes<TypeParam>; ++n) expect_exact<TypeParam>(m, n, 3);
  }
}

TYPED_TEST(Gemm, EveryTermRemainderInEveryLayout) {
  for (const Layout left : kLayouts) {
    for (const Layout right : kLayouts) {
      for (Index k = 1; k <= 2 * kLanes<TypeParam> + 1; ++k) {
        for (const Index m : {Index{1}, Index{4}, Index{kTileRows + 1}, Index{40}}) {
          for (const Index n : {Index{1}, Index{7}, kLanes<TypeParam> + 1, 2 * kLanes<TypeParam>}) {
            expect_exact<TypeParam>(m, n, k, left, right);
          }
        }
      }
    }
  }
}

TYPED_TEST(Gemm, EveryEnding) {
  for (const Activation activation :
       {Activation::linear, Activation::relu, Activation::sigmoid, Activation::tanh}) {
    for (const bool bias : {false, true}) {
      for (const Layout left : {Layout::rows, Layout::columns}) {
        for (const Layout right : {Layout::rows, Layout::columns}) {
          expect_exact<TypeParam>(30, 70, 9, left, right, bias, activation);  // tiles
          expect_exact<TypeParam>(70, 7, 40, left, right, bias, activation);  // few columns
          expect_exact<TypeParam>(3, 70, 40, left, right, bias, activation);  // few rows
          expect_exact<TypeParam>(70, 1, 40, left, right, bias, activation);
          expect_exact<TypeParam>(5, 33, 2500, left, right, bias, activation);  // several passes over k
        }
      }
    }
  }
}

TYPED_TEST(Gemm, FewRowsOfALargeProduct) {
  const Index elements = kStreamBytes / static_cast<Index>(sizeof(TypeParam));
  for (const Index n : {kStreamColumns + 1, Index{512}, kStreamRun / 2 + 5}) {
    const Index k = elements / n + 3;
    for (Index m = 1; m <= kStreamRows + 1; ++m) {
      expect_exact<TypeParam>(m, n, k);
      expect_exact<TypeParam>(m, n, k, Layout::scattered, Layout::padded, true, Activation::relu);
      expect_exact<TypeParam>(n, m, k, Layout::columns, Layout::rows, true, Activation::tanh);
    }
  }
}

TYPED_TEST(Gemm, OperandsReadWhereTheyLieOrPacked) {
  const Index page = kPageBytes / static_cast<Index>(sizeof(TypeParam));
  for (const Index n : {Index{40}, kDirectColumnsOfRows + 3, page}) {
    for (const Index m : {Index{kTileRows + 2}, kDirectCrowdedRows + 1}) {
      expect_exact<TypeParam>(m, n, 21);
      expect_exact<TypeParam>(m, n, 21, Layout::padded, Layout::padded);
    }
  }
}

TYPED_TEST(Gemm, SeveralBlocks) {
  expect_exact<TypeParam>(130, 260, 1100);
  expect_exact<TypeParam>(500, 300, 70, Layout::columns, Layout::columns);
  expect_exact<TypeParam>(kBlockRows + 3, 20, 9);
  expect_exact<TypeParam>(20, kBlockColumns + 3, 9, Layout::rows, Layout::columns);
}

TYPED_TEST(Gemm, ManyTermsForASmallResult) {
  for (const Layout left : {Layout::rows, Layout::columns}) {
    for (const Layout right : {Layout::rows, Layout::columns}) {
      expect_exact<TypeParam>(10, 9, 20000, left, right, true, Activation::relu);
      expect_exact<TypeParam>(9, 10, 20000, left, right);
      expect_exact<TypeParam>(1, 1, 300000, left, right, true);
    }
  }
}

TYPED_TEST(Gemm, NoRowsNoColumnsNoTerms) {
  TypeParam c[6] = {7, 7, 7, 7, 7, 7};
  const TypeParam bias[] = {-1, 2};
  gemm<TypeParam>(0, 2, 3, nullptr, 3, 1, nullptr, 2, 1, c, 2);
  gemm<TypeParam>(3, 0, 3, nullptr, 3, 1, nullptr, 0, 1, c, 0);
  EXPECT_EQ(std::count(c, c + 6, TypeParam(7)), 6);
  gemm<TypeParam>(3, 2, 0, nullptr, 0, 1, nullptr, 2, 1, c, 2, {bias, Activation::relu});
  for (int i = 0; i < 6; ++i) EXPECT_EQ(c[i], i % 2 == 0 ? 0 : 2);
  gemm<TypeParam>(3, 2, 0, nullptr, 0, 1, nullptr, 2, 1, c, 2);
  EXPECT_EQ(std::count(c, c + 6, TypeParam(0)), 6);
}

}  // namespace
}  // namespace fastnn
