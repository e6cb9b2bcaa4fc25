#include "fastnn/core/buffer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace fastnn {
namespace {

TEST(Buffer, IsAlignedAtEverySize) {
  for (const std::size_t bytes : {0, 1, 63, 64, 65, 1000, 4097, 1 << 20}) {
    void* memory = buffer_allocate(bytes);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory) % 64, 0U) << bytes;
    buffer_release(memory, bytes);
  }
}

TEST(Buffer, IsKeptAndUsedAgain) {
  buffer_clear();
  void* memory = buffer_allocate(10000);
  EXPECT_EQ(buffer_cached_bytes(), 0U);
  buffer_release(memory, 10000);
  EXPECT_GE(buffer_cached_bytes(), 10000U);
  void* again = buffer_allocate(9900);  // of the same size class
  EXPECT_EQ(again, memory);
  EXPECT_EQ(buffer_cached_bytes(), 0U);
  buffer_release(again, 9900);
  buffer_clear();
  EXPECT_EQ(buffer_cached_bytes(), 0U);
}

TEST(Buffer, KeepsNoMoreThanTheLimit) {
  buffer_clear();
  const std::size_t bytes = buffer_cache_limit() / 8;
  std::vector<void*> all;
  for (int i = 0; i < 12; ++i) all.push_back(buffer_allocate(bytes));
  for (void* memory : all) buffer_release(memory, bytes);
  EXPECT_GT(buffer_cached_bytes(), 0U);
  EXPECT_LE(buffer_cached_bytes(), buffer_cache_limit());
  buffer_clear();
  const std::size_t large = buffer_cache_limit() + 1;
  buffer_release(buffer_allocate(large), large);
  EXPECT_EQ(buffer_cached_bytes(), 0U);
}

TEST(Buffer, HoldsItsElements) {
  Buffer<double> buffer(100);
  for (Index i = 0; i < 100; ++i) buffer[i] = static_cast<double>(i);
  EXPECT_EQ(buffer.data()[99], 99.0);
}

}  // namespace
}  // namespace fastnn
