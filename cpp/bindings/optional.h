// Arguments that may be None.
#pragma once

#include "array.h"

namespace fastnn::bindings {

class Optional {
 public:
  Optional(const char* op, const char* name, py::handle object) {
    if (!object.is_none()) input_.emplace(op, name, object);
  }
  /// The narrowest type where there is nothing.
  DType dtype() const { return input_ ? input_->dtype() : DType::float32; }
  void widen(DType dtype) {
    if (input_) input_->widen(dtype);
  }
  /// In `storage`; null where there is nothing.
  template <class T>
  const View<const T>* view(View<const T>& storage) const {
    if (!input_) return nullptr;
    storage = input_->view<T>();
    return &storage;
  }

 private:
  std::optional<Input> input_;
};

}  // namespace fastnn::bindings
