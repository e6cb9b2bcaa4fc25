// A view: pointer + shape + strides into memory that somebody else owns.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <type_traits>

namespace fastnn {

using Index = std::ptrdiff_t;

/// The most dimensions an array may have here.
constexpr int kMaxDims = 32;

/// A short list of sizes or strides, kept in place; copies only what it uses.
class Dims {
 public:
  Dims() = default;
  Dims(std::initializer_list<Index> values) {
    for (const Index value : values) push_back(value);
  }
  Dims(const Dims& other) { *this = other; }
  Dims& operator=(const Dims& other) {
    size_ = other.size_;
    for (int i = 0; i < size_; ++i) values_[i] = other.values_[i];
    return *this;
  }

  /// Up to kMaxDims values: callers check longer lists before they get here.
  void push_back(Index value) { values_[size_++] = value; }
  void pop_back() { --size_; }
  int size() const { return size_; }
  Index& operator[](int i) { return values_[i]; }
  Index operator[](int i) const { return values_[i]; }
  Index& back() { return values_[size_ - 1]; }
  Index back() const { return values_[size_ - 1]; }
  const Index* begin() const { return values_; }
  const Index* end() const { return values_ + size_; }
  bool operator==(const Dims& other) const {
    if (size_ != other.size_) return false;
    for (int i = 0; i < size_; ++i) {
      if (values_[i] != other.values_[i]) return false;
    }
    return true;
  }
  bool operator!=(const Dims& other) const { return !(*this == other); }

 private:
  int size_ = 0;
  Index values_[kMaxDims];
};

/// Strides count elements, may be zero or negative.
template <class T>
struct View {
  T* data = nullptr;
  Dims shape;
  Dims strides;

  View() = default;
  View(T* data_, const Dims& shape_, const Dims& strides_) : data(data_), shape(shape_), strides(strides_) {}
  /// C order: the last dimension lies contiguous.
  View(T* data_, const Dims& shape_) : data(data_), shape(shape_) {
    strides = shape;
    Index step = 1;
    for (int i = shape.size() - 1; i >= 0; --i) {
      strides[i] = step;
      step *= shape[i];
    }
  }
  template <class U, class = std::enable_if_t<std::is_same_v<const U, T>>>
  View(const View<U>& other) : data(other.data), shape(other.shape), strides(other.strides) {}

  int ndim() const { return shape.size(); }
  /// Number of elements. The sizes of memory that exists cannot overflow; see checked_size for those asked
  /// for.
  Index size() const {
    Index n = 1;
    for (const Index d : shape) n *= d;
    return n;
  }
  bool is_contiguous() const {
    Index step = 1;
    for (int i = shape.size() - 1; i >= 0; --i) {
      if (shape[i] == 0) return true;
      if (shape[i] != 1 && strides[i] != step) return false;
      step *= shape[i];
    }
    return true;
  }
};

}  // namespace fastnn
