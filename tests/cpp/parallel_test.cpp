#include "fastnn/core/parallel.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <new>
#include <stdexcept>
#include <vector>

#include "fastnn/kernels/gemm.h"

namespace fastnn {
namespace {

/// Puts the number of threads back.
class Parallel : public testing::Test {
 protected:
  ~Parallel() override { set_num_threads(before_); }

 private:
  int before_ = get_num_threads();
};

TEST_F(Parallel, EveryIndexOnceInBlocksOfTheGrain) {
  for (const int threads : {1, 2, 4}) {
    set_num_threads(threads);
    for (const Index n : {0, 1, 7, 64, 1000}) {
      for (const Index grain : {1, 7, 64, 5000}) {
        std::vector<std::atomic<int>> seen(static_cast<std::size_t>(n));
        std::atomic<bool> aligned{true};
        parallel_for(n, grain, [&](Index begin, Index end) {
          if (begin % grain != 0 || end - begin > grain) aligned = false;
          for (Index i = begin; i < end; ++i) ++seen[static_cast<std::size_t>(i)];
        });
        EXPECT_TRUE(aligned);
        for (const auto& count : seen) EXPECT_EQ(count, 1);
      }
    }
  }
}

TEST_F(Parallel, NestedCallsRunInTheirCaller) {
  set_num_threads(4);
  std::atomic<int> sum{0};
  parallel_for(10, 1, [&](Index, Index) {
    parallel_for(10, 1, [&](Index begin, Index end) { sum += static_cast<int>(end - begin); });
  });
  EXPECT_EQ(sum, 100);
}

/// A product large enough for several tasks, passes over k, and an activation.
std::vector<float> product() {
  const Index m = 130, n = 515, k = 1200;
  std::vector<float> a(m * k), b(k * n), c(m * n), bias(n, 0.5f);
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = static_cast<float>(i % 101) * 0.013f - 0.6f;
  for (std::size_t i = 0; i < b.size(); ++i) b[i] = static_cast<float>(i % 97) * 0.017f - 0.8f;
  gemm<float>(m, n, k, a.data(), k, 1, b.data(), n, 1, c.data(), n, {bias.data(), Activation::tanh});
  return c;
}

TEST_F(Parallel, ProductsHaveTheSameBitsAtAnyThreadCount) {
  set_num_threads(1);
  const std::vector<float> alone = product();
  for (const int threads : {2, 4}) {
    set_num_threads(threads);
    const std::vector<float> together = product();
    EXPECT_EQ(std::memcmp(alone.data(), together.data(), alone.size() * sizeof(float)), 0);
  }
}

TEST_F(Parallel, AForkedChildGoesOnAlone) {
  set_num_threads(2);
  const std::vector<float> before = product();
  const pid_t child = fork();
  if (child == 0) _exit(product() == before ? 0 : 1);
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST_F(Parallel, WhatABlockThrowsReachesTheCaller) {
  for (const int threads : {1, 2, 4}) {
    set_num_threads(threads);
    const auto some_fail = [](Index begin, Index) {
      if (begin % 3 == 2) throw std::bad_alloc();
    };
    EXPECT_THROW(parallel_for(100, 1, some_fail), std::bad_alloc);
    std::atomic<int> calls{0};
    parallel_for(10, 1, [&](Index, Index) { ++calls; });
    EXPECT_EQ(calls, 10);
  }
}

TEST_F(Parallel, RefusesNoThreads) {
  EXPECT_THROW(set_num_threads(0), std::invalid_argument);
  EXPECT_THROW(set_num_threads(-3), std::invalid_argument);
}

}  // namespace
}  // namespace fastnn
