// Scaled dot-product attention, head by head: y = softmax(scale q k^T + bias) v.
#pragma once

#include "fastnn/core/view.h"

namespace fastnn {

/// query (batch, queries, heads, depth), key (batch, keys, key heads, depth), value (batch, keys, key heads,
/// value depth). Where there are fewer key heads than heads, neighbouring heads share one.
template <class T>
struct Attention {
  View<const T> query, key, value;
  const View<const T>* bias;     // added to the scores, or null; broadcasts to (batch, heads, queries, keys)
  const View<const bool>* mask;  // which scores count, or null; broadcasts likewise
  T scale;
  bool causal;  // query i sees keys 0 to i only
};

/// Shape of the result; refuses shapes that do not fit.
Dims attention_shape(const Dims& query, const Dims& key, const Dims& value);

/// y has attention_shape; `rows` (batch, heads, queries, 2) receives of each row of scores the maximum and
/// the inverse of the sum of exponentials, from which the probabilities can be found again. Both are
/// C-contiguous. A score that does not count is -0.7 times the largest float, as in Keras: a row of none that
/// counts averages all values.
template <class T>
void attention_forward(const Attention<T>& x, const View<T>& y, const View<T>& rows);

/// Gradients of `query`, `key`, `value` and of the scores (batch, heads, queries, keys), each C-contiguous,
/// or null where it is not wanted.
template <class T>
struct AttentionGradients {
  const View<T>*query, *key, *value, *scores;
};
template <class T>
void attention_backward(const Attention<T>& x, const View<const T>& y, const View<const T>& rows,
                        const View<const T>& dy, const AttentionGradients<T>& dx);

}  // namespace fastnn
