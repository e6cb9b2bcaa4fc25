// What recurrent layers share: the walk over the steps of a sequence, forward and backward.
//
// Rows of a batch do not depend on each other. The batch is cut into blocks of rows by size, and a thread
// takes a block through the whole sequence: threads never wait for each other at a step. What the backward
// walk needs is kept block by block, step by step, row by row, so that the rows of a step lie together, and
// all of them are the terms of one product for the gradient of the kernels.
#pragma once

#include "fastnn/core/parallel.h"
#include "fastnn/kernels/gemm_packed.h"
#include "fastnn/kernels/vector.h"

namespace fastnn {

/// Rows of a block at one step.
template <class T>
struct RecurrentStep {
  Index rows;
  const T* h;  // the state before, in rows of h_row
  Index h_row;
  const T* c;  // the carry before, in rows of units
  T* gates;    // rows of RecurrentCell::width: x kernel + bias in their first columns; what backward needs
               // afterwards
};

/// The arithmetic of one step. New states and all gradients lie in rows without gaps.
template <class T>
class RecurrentCell {
 public:
  RecurrentCell(Index units_, Index inputs_, Index width_, bool carries_)
      : units(units_), inputs(inputs_), width(width_), carries(carries_) {}
  virtual ~RecurrentCell() = default;
  virtual void forward(const RecurrentStep<T>& at, T* h, T* c) const = 0;
  /// dz: gradients of the gates before their activations, in rows of `width`; c: the carry after.
  virtual void backward(const RecurrentStep<T>& at, const T* c, const T* dh, const T* dc, T* dz, T* dh_before,
                        T* dc_before) const = 0;

  const Index units;
  const Index inputs;  // columns of the kernel of x
  const Index width;   // elements per row and step that are kept
  const bool carries;  // whether there is a second state
};

/// A batch of sequences, everything contiguous.
template <class T>
struct Sequences {
  Index batch, time, features;
  const T* x;         // (batch, time, features)
  const T* kernel;    // (features, RecurrentCell::inputs)
  const T* bias;      // (RecurrentCell::inputs,) or null
  const T *h, *c;     // (batch, units), or null for zeros
  const bool* mask;   // (batch, time), or null: steps that count
  bool go_backwards;  // through time
  bool every;         // y has all steps, not only the last
  bool state;         // y ends with the carry, as a step more
  Index block;        // rows of a block

  Index steps(bool carry) const { return (every ? time : 1) + (state && carry ? 1 : 0); }
};

/// Elements of a row of KeptSteps::operands: x, a one where there is a bias, and the state before.
inline Index operand_width(Index features, bool bias, Index units) { return features + bias + units; }

/// What backward needs of every row and step; null where nothing is kept.
template <class T>
struct KeptSteps {
  T *operands, *gates, *cells;
};

/// y: (batch, steps, units). `ones`: whether the operands have their one.
template <class T>
void recurrent_forward(const Sequences<T>& of, const RecurrentCell<T>& cell, bool ones,
                       const KeptSteps<T>& kept, T* y);

/// dz: (batch * time, RecurrentCell::width), in the order of what is kept; dx, dh and dc may be null.
template <class T>
void recurrent_backward(const Sequences<T>& of, const RecurrentCell<T>& cell, bool ones,
                        const KeptSteps<const T>& kept, const T* dy, T* dz, T* dx, T* dh, T* dc);

/// Rows of a block for a recurrent kernel of so many bytes.
Index recurrent_block(Index batch, Index kernel_bytes);

/// A vector of a row, whole or its beginning.
template <class T>
struct WholeVector {
  Index i;
  Vec<T> get(const T* x) const { return load(x + i); }
  void put(T* y, Vec<T> v) const { store(y + i, v); }
};
template <class T>
struct PartVector {
  Index i, n;
  Vec<T> get(const T* x) const { return load_part(x + i, n); }
  void put(T* y, Vec<T> v) const { store_part(y + i, v, n); }
};

/// Calls f(row, at) for every row and every vector of its `units` elements.
template <class T, class F>
void each_vector(Index rows, Index units, const F& f) {
  parallel_for(rows, 4096 / units + 1, [&](Index begin, Index end) {
    for (Index r = begin; r < end; ++r) {
      Index i = 0;
      for (; i + kLanes<T> <= units; i += kLanes<T>) f(r, WholeVector<T>{i});
      if (i < units) f(r, PartVector<T>{i, units - i});
    }
  });
}

}  // namespace fastnn
