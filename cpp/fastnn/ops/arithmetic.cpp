#include "fastnn/ops/arithmetic.h"

#include "fastnn/core/shape.h"
#include "fastnn/kernels/elementwise.h"

namespace fastnn {
namespace {

struct Add {
  template <class V>
  V operator()(V a, V b) const {
    return a + b;
  }
};
struct Subtract {
  template <class V>
  V operator()(V a, V b) const {
    return a - b;
  }
};
struct Multiply {
  template <class V>
  V operator()(V a, V b) const {
    return a * b;
  }
};
struct Divide {
  template <class V>
  V operator()(V a, V b) const {
    return a / b;
  }
};
struct Negative {
  template <class V>
  V operator()(V x) const {
    return -x;
  }
};

template <class F, class T>
void binary(const char* op, const View<const T>& a, const View<const T>& b, const View<T>& out) {
  const Dims shape = broadcast_shape(op, a.shape, b.shape);
  check_shape(op, "out", out.shape, shape);
  const View<const T> operands[] = {broadcast_to(a, shape), broadcast_to(b, shape)};
  walk(operands, 2, out, kCheapGrain, binary_chunk<T, F>);
}

}  // namespace

template <class T>
void add(const View<const T>& a, const View<const T>& b, const View<T>& out) {
  binary<Add>("add", a, b, out);
}
template <class T>
void subtract(const View<const T>& a, const View<const T>& b, const View<T>& out) {
  binary<Subtract>("subtract", a, b, out);
}
template <class T>
void multiply(const View<const T>& a, const View<const T>& b, const View<T>& out) {
  binary<Multiply>("multiply", a, b, out);
}
template <class T>
void divide(const View<const T>& a, const View<const T>& b, const View<T>& out) {
  binary<Divide>("divide", a, b, out);
}

template <class T>
void negative(const View<const T>& x, const View<T>& out) {
  check_shape("negative", "out", out.shape, x.shape);
  walk(&x, 1, out, kCheapGrain, unary_chunk<T, Negative>);
}

#define FASTNN_INSTANTIATE(T)                                                         \
  template void add(const View<const T>&, const View<const T>&, const View<T>&);      \
  template void subtract(const View<const T>&, const View<const T>&, const View<T>&); \
  template void multiply(const View<const T>&, const View<const T>&, const View<T>&); \
  template void divide(const View<const T>&, const View<const T>&, const View<T>&);   \
  template void negative(const View<const T>&, const View<T>&);
FASTNN_INSTANTIATE(float)
FASTNN_INSTANTIATE(double)
#undef FASTNN_INSTANTIATE

}  // namespace fastnn
