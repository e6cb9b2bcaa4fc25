#include "fastnn/core/parallel.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include "fastnn/core/check.h"

#if defined(_OPENMP)
#include <omp.h>
#endif
#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#endif
#if defined(__linux__)
#include <sched.h>
#endif

namespace fastnn {
namespace {

// Threads do not survive a fork: a child goes on alone.
std::atomic<bool> forked{false};

// Far above any use: OpenMP ends the process when it cannot start as many threads as it is asked for.
constexpr int kMaxThreads = 1024;

// Cores that the cgroup's CPU quota pays for, rounded up; a large number where there is no quota.
int quota_cores() {
  long long quota = -1;
  long long period = 0;
  if (std::FILE* file =
          std::fopen("/sys/fs/cgroup/cpu.max", "r")) {  // cgroup v2: "max 100000" or "150000 100000"
    if (std::fscanf(file, "%lld %lld", &quota, &period) != 2) quota = -1;
    std::fclose(file);
  } else {
    for (const auto& [path, value] : {std::pair{"/sys/fs/cgroup/cpu/cpu.cfs_quota_us", &quota},
                                      std::pair{"/sys/fs/cgroup/cpu/cpu.cfs_period_us", &period}}) {
      if (std::FILE* v1 = std::fopen(path, "r")) {
        if (std::fscanf(v1, "%lld", value) != 1) quota = -1;
        std::fclose(v1);
      }
    }
  }
  return quota > 0 && period > 0 ? static_cast<int>((quota + period - 1) / period) : 1 << 20;
}

int available_cores() {
  int cores = static_cast<int>(std::thread::hardware_concurrency());
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) cores = CPU_COUNT(&set);
#endif
  return std::max(1, std::min({cores, quota_cores(), kMaxThreads}));
}

int default_num_threads() {
#if defined(_OPENMP)
  if (const char* text = std::getenv("OMP_NUM_THREADS")) {
    const int n = std::atoi(text);  // a list "4,2" gives its first level
    if (n >= 1) return std::min(n, kMaxThreads);
  }
  return available_cores();
#else
  return 1;
#endif
}

#if defined(_OPENMP)
const int openmp_threads_at_start = omp_get_max_threads();

// threadpoolctl lowers OpenMP's own number for the calling thread: that holds for us too.
int threads_for_call(int threads) {
  const int openmp_threads = omp_get_max_threads();
  return openmp_threads < openmp_threads_at_start ? std::min(openmp_threads, threads) : threads;
}
#endif

std::atomic<int>& num_threads() {
  static std::atomic<int> threads = [] {
#if defined(__unix__) || defined(__APPLE__)
    pthread_atfork(nullptr, nullptr, [] { forked = true; });
#endif
    return default_num_threads();
  }();
  return threads;
}

}  // namespace

int get_num_threads() { return num_threads(); }

void set_num_threads(int n) {
  check(n >= 1 && n <= kMaxThreads, "set_num_threads", "the number of threads must be 1 to ", kMaxThreads,
        "; received ", n);
  num_threads() = n;
}

const char* threading() {
#if defined(_OPENMP)
  return "OpenMP";
#else
  return "none";
#endif
}

void detail::run_blocks(Index blocks, Block call, void* body) {
#if defined(_OPENMP)
  thread_local bool nested = false;
  const int threads = threads_for_call(num_threads());
  if (threads > 1 && blocks > 1 && !nested && !forked && !omp_in_parallel()) {
    struct Nested {
      Nested() { nested = true; }
      ~Nested() { nested = false; }
    } const inside;
    if (run_in_team(threads - 1, blocks, call, body)) return;
  }
#endif
  for (Index i = 0; i < blocks; ++i) call(body, i);
}

}  // namespace fastnn
