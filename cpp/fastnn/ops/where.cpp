#include "fastnn/ops/where.h"

#include "fastnn/core/parallel.h"
#include "fastnn/core/shape.h"
#include "fastnn/kernels/contiguous.h"
#include "fastnn/kernels/elementwise.h"

namespace fastnn {
namespace {

/// All elements in C order; a value that is repeated everywhere stays one value.
template <class T>
class Flat {
 public:
  Flat(const View<const T>& x, const Dims& shape)
      : step_(x.size() == 1 ? 0 : 1), elements_(step_ == 0 ? x : broadcast_to(x, shape)) {}
  Operand<T> from(Index begin) const { return {elements_.data() + begin * step_, step_}; }

 private:
  Index step_;
  InOrder<T> elements_;
};

/// Bytes 0 and 1 as a vector of T.
template <class T>
Vec<T> widen(const bool* condition, Index n) {
  typedef signed char Bytes __attribute__((vector_size(kLanes<T>)));
  Bytes bytes{};
  std::memcpy(&bytes, condition, static_cast<std::size_t>(n));
  return (Vec<T>)__builtin_convertvector(bytes, IntVec<Vec<T>>);
}

/// Reads bool as Contiguous reads T: the lanes' bits are 0 or not.
template <class T>
struct Conditions {
  using Element = T;
  const bool* data;
  Vec<T> whole(Index i) const { return widen<T>(data + i, kLanes<T>); }
  Vec<T> part(Index i, Index n) const { return widen<T>(data + i, n); }
};

}  // namespace

template <class T>
void where(const View<const bool>& condition, const View<const T>& a, const View<const T>& b,
           const View<T>& out) {
  const Dims shape = broadcast_shape("where", broadcast_shape("where", condition.shape, a.shape), b.shape);
  check_shape("where", "out", out.shape, shape);
  const Index n = out.size();
  if (n == 0) return;
  const InOrder<bool> conditions(broadcast_to(condition, shape));
  const Flat<T> left(a, shape), right(b, shape);
  parallel_for(n, kCheapGrain, [&](Index begin, Index end) {
    with_reader(left.from(begin), [&](auto x) {
      with_reader(right.from(begin), [&](auto y) {
        const auto choose = [](Vec<T> c, Vec<T> v, Vec<T> w) { return (IntVec<Vec<T>>)c != 0 ? v : w; };
        map(end - begin, out.data + begin, choose, Conditions<T>{conditions.data() + begin}, x, y);
      });
    });
  });
}

template void where(const View<const bool>&, const View<const float>&, const View<const float>&,
                    const View<float>&);
template void where(const View<const bool>&, const View<const double>&, const View<const double>&,
                    const View<double>&);

}  // namespace fastnn
