// What the recurrent ops take, keep and give: x (batch, time, features) and states (batch, units).
#pragma once

#include "fastnn/core/view.h"

namespace fastnn {

/// Views without data stand for arguments that are not given.
template <class T>
struct RecurrentInputs {
  View<const T> x, kernel, recurrent_kernel, bias, h, c;
  View<const bool> mask;  // (batch, time): false for steps that carry the states on unchanged
  bool go_backwards;      // through time; the outputs come in the order of computing
  bool every;             // outputs of all steps, not only of the last
  bool state;             // and behind them, as a step more, the last carry of an LSTM
};

/// Shapes of all that a recurrent op handles.
struct RecurrentShapes {
  Index batch, time, features, units;
  Dims y, operands, gates, cells;  // cells: only where there is a carry
};

/// Checks all inputs of an op with `gates` gates, of which `rows_of_bias` say how many rows the bias has (0
/// for one without the dimension), and that keeps `width` times units elements of each step.
template <class T>
RecurrentShapes recurrent_shapes(const char* op, const RecurrentInputs<T>& of, Index gates, Index width,
                                 Index rows_of_bias, bool carries);

/// What the forward function keeps for the backward one; without data where nothing is kept.
template <class T>
struct RecurrentKept {
  View<T> operands, gates, cells;
};

/// Where gradients go, C-contiguous; without data where one is not wanted.
template <class T>
struct RecurrentGradients {
  View<T> x, kernel, recurrent_kernel, bias, h, c;
  bool any_weight() const {
    return kernel.data != nullptr || recurrent_kernel.data != nullptr || bias.data != nullptr;
  }
};

}  // namespace fastnn
