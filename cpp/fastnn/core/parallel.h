// One way to use several threads. Work is cut into blocks by size alone, so results have the same bits
// at any thread count; blocks are handed out as threads come free, so a busy core delays nobody.
#pragma once

#include <algorithm>
#include <type_traits>

#include "fastnn/core/team.h"
#include "fastnn/core/view.h"

namespace fastnn {

/// Threads that kernels use: OMP_NUM_THREADS, or the cores that affinity and the cgroup quota allow.
int get_num_threads();
/// Refuses n < 1 and n > 1024.
void set_num_threads(int n);
/// "OpenMP" or "none".
const char* threading();

namespace detail {
void run_blocks(Index blocks, Block call, void* body);
}  // namespace detail

/// Calls body(begin, end) for consecutive blocks of at most `grain` that cover [0, n). The body must not
/// depend on the order of blocks; what it throws first reaches the caller, and blocks not begun by then are
/// left out. One block, one thread, a nested call, or threads at work for another caller: runs in the caller.
template <class F>
void parallel_for(Index n, Index grain, F&& body) {
  if (n <= 0) return;
  if (n <= grain) {
    body(Index{0}, n);
    return;
  }
  struct Work {
    std::remove_reference_t<F>* body;
    Index n, grain;
  } work{&body, n, grain};
  detail::run_blocks((n + grain - 1) / grain,
                     [](void* p, Index block) {
                       const Work& w = *static_cast<Work*>(p);
                       const Index begin = block * w.grain;
                       (*w.body)(begin, std::min(begin + w.grain, w.n));
                     },
                     &work);
}

}  // namespace fastnn
