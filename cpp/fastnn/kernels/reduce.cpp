#include "fastnn/kernels/reduce.h"

#include <cstdlib>

#include "fastnn/core/shape.h"

namespace fastnn {
namespace {

/// Puts the dimension with the smallest step last.
void sort_by_stride(Dims& shape, Dims* strides, int operands) {
  for (int i = 1; i < shape.size(); ++i) {
    for (int j = i; j > 0 && std::abs(strides[0][j - 1]) < std::abs(strides[0][j]); --j) {
      std::swap(shape[j - 1], shape[j]);
      for (int k = 0; k < operands; ++k) std::swap(strides[k][j - 1], strides[k][j]);
    }
  }
}

}  // namespace

ReduceLayout::ReduceLayout(const Dims& x, const Dims& x_strides, const Dims& out, const Dims& out_strides) {
  for (int i = 0; i < x.size(); ++i) {
    if (out[i] == x[i]) {
      kept.push_back(x[i]);
      kept_strides[0].push_back(x_strides[i]);
      kept_strides[1].push_back(out_strides[i]);
      outputs *= x[i];
    } else {
      reduced.push_back(x[i]);
      reduced_strides.push_back(x_strides[i]);
      terms *= x[i];
    }
  }
  sort_by_stride(kept, kept_strides, 2);
  sort_by_stride(reduced, &reduced_strides, 1);
  if (outputs == 0) return;
  collapse(kept, kept_strides, 2);
  if (terms == 0) {
    reduced = reduced_strides = {0};
  } else {
    collapse(reduced, &reduced_strides, 1);
  }
  if (reduced.size() == 0) {  // one term each
    reduced.push_back(1);
    reduced_strides.push_back(1);
  }
  constexpr Index few = 16;
  const bool together =
      kept.size() == 0 || std::abs(reduced_strides.back()) <= std::abs(kept_strides[0].back());
  const bool side_by_side = kept.size() > 0 && kept.back() >= few;
  along = terms == 0 || (together && !(terms < few && side_by_side)) || kept.size() == 0;
}

}  // namespace fastnn
