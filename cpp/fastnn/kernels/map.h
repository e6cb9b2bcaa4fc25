// A function of vectors over contiguous arrays. The last, incomplete vector is padded, never a loop of
// scalars: an element gets the same bits wherever in an array it stands.
#pragma once

#include "fastnn/kernels/vector.h"

namespace fastnn {

/// Two ways to read an operand: from an array, or one value for all elements.
template <class T>
struct Contiguous {
  const T* data;
  Vec<T> whole(Index i) const { return load(data + i); }
  Vec<T> part(Index i, Index n) const { return load_part(data + i, n); }
};
template <class T>
struct Repeated {
  Vec<T> value;
  Vec<T> whole(Index) const { return value; }
  Vec<T> part(Index, Index) const { return value; }
};

/// out[i] = f(in[i]...) for i < n; out may be one of the operands.
template <class T, class F, class... Readers>
inline void map(Index n, T* out, const F& f, const Readers&... in) {
  Index i = 0;
  for (; i + kLanes<T> <= n; i += kLanes<T>) store(out + i, f(in.whole(i)...));
  if (i < n) store_part(out + i, f(in.part(i, n - i)...), n - i);
}

}  // namespace fastnn
