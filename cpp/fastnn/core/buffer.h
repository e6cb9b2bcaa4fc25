// Memory for outputs and workspaces: 64-byte aligned, and kept for reuse, because the page faults of fresh
// memory cost more than the arithmetic done in it.
#pragma once

#include <cstddef>
#include <type_traits>

#include "fastnn/core/view.h"

namespace fastnn {

/// Throws std::bad_alloc. `bytes` may be 0.
void* buffer_allocate(std::size_t bytes);
/// `bytes` as it was asked for.
void buffer_release(void* memory, std::size_t bytes) noexcept;
/// Bytes kept for reuse now, and the most that are ever kept.
std::size_t buffer_cached_bytes();
std::size_t buffer_cache_limit();
/// Gives all kept memory back to the system.
void buffer_clear() noexcept;

/// A workspace that lives as long as its scope. Its contents start undefined. One of no
/// elements costs nothing.
template <class T>
class Buffer {
  static_assert(std::is_trivially_destructible_v<T>);

 public:
  explicit Buffer(Index count)
      : bytes_(static_cast<std::size_t>(count) * sizeof(T)),
        data_(count > 0 ? static_cast<T*>(buffer_allocate(bytes_)) : nullptr) {}
  ~Buffer() { buffer_release(data_, bytes_); }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  T* data() { return data_; }
  T& operator[](Index i) { return data_[i]; }

 private:
  std::size_t bytes_;
  T* data_;
};

}  // namespace fastnn
