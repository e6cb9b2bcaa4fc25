// What an optimizer step works on.
#pragma once

#include <array>

#include "fastnn/core/view.h"

namespace fastnn {

constexpr int kMaxSlots = 3;

/// A parameter, its gradient and the optimizer's slots for it (such as a momentum), all of one shape. Every
/// array is its own memory; slots that the update does not use may be empty.
template <class T>
struct Parameter {
  View<T> w;
  View<const T> g;
  std::array<View<T>, kMaxSlots> slots;
};

}  // namespace fastnn
