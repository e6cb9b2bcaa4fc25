#include "fastnn/core/buffer.h"

#include <array>
#include <mutex>
#include <new>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#endif

namespace fastnn {
namespace {

constexpr std::size_t kAlignment = 64;
constexpr std::size_t kLimit = std::size_t{256} << 20;
// Larger than this is not kept: one such array would push out all others.
constexpr std::size_t kLargest = kLimit / 2;

// Size classes: four steps per power of two, so that at most a fifth of a buffer lies unused.
int class_of(std::size_t bytes, std::size_t& rounded) {
  rounded = bytes < kAlignment * 4 ? kAlignment * 4 : bytes;
  const int log = 63 - __builtin_clzll(rounded);
  const std::size_t step = std::size_t{1} << (log - 2);
  const std::size_t steps = (rounded + step - 1) >> (log - 2);  // 4 to 8
  rounded = steps << (log - 2);
  return log * 4 + static_cast<int>(steps - 4);
}

struct Cache {
  std::mutex mutex;
  std::array<std::vector<void*>, 64 * 4 + 8> classes;
  std::size_t bytes = 0;
};

// Never destroyed: arrays may outlive every static object.
Cache& cache() {
  static Cache& instance = *new Cache;
  return instance;
}

// Larger than this asks for huge pages: fewer page faults when it is first written, fewer misses later.
constexpr std::size_t kHuge = std::size_t{4} << 20;

void* allocate_aligned(std::size_t bytes) {
  void* memory = ::operator new(bytes, std::align_val_t{kAlignment});
#if defined(__linux__)
  if (bytes >= kHuge) {
    const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
    const std::uintptr_t begin = (reinterpret_cast<std::uintptr_t>(memory) + page - 1) / page * page;
    const std::uintptr_t end = (reinterpret_cast<std::uintptr_t>(memory) + bytes) / page * page;
    madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);  // a wish: refused, nothing changes
  }
#endif
  return memory;
}

void free_aligned(void* memory) { ::operator delete(memory, std::align_val_t{kAlignment}); }

}  // namespace

void* buffer_allocate(std::size_t bytes) {
  if (bytes > kLargest) return allocate_aligned(bytes);
  std::size_t rounded;
  const int index = class_of(bytes, rounded);
  {
    Cache& c = cache();
    const std::lock_guard lock(c.mutex);
    auto& kept = c.classes[static_cast<std::size_t>(index)];
    if (!kept.empty()) {
      void* memory = kept.back();
      kept.pop_back();
      c.bytes -= rounded;
      return memory;
    }
  }
  return allocate_aligned(rounded);
}

void buffer_release(void* memory, std::size_t bytes) noexcept {
  if (memory == nullptr) return;
  if (bytes <= kLargest) {
    std::size_t rounded;
    const int index = class_of(bytes, rounded);
    Cache& c = cache();
    const std::lock_guard lock(c.mutex);
    if (c.bytes + rounded <= kLimit) {
      try {
        c.classes[static_cast<std::size_t>(index)].push_back(memory);
        c.bytes += rounded;
        return;
      } catch (const std::bad_alloc&) {  // no room to remember it: give it back
      }
    }
  }
  free_aligned(memory);
}

std::size_t buffer_cached_bytes() {
  Cache& c = cache();
  const std::lock_guard lock(c.mutex);
  return c.bytes;
}

std::size_t buffer_cache_limit() { return kLimit; }

void buffer_clear() noexcept {
  Cache& c = cache();
  const std::lock_guard lock(c.mutex);
  for (auto& kept : c.classes) {
    for (void* memory : kept) free_aligned(memory);
    kept.clear();
  }
  c.bytes = 0;
}

}  // namespace fastnn
