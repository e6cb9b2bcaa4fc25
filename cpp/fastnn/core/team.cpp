#include "fastnn/core/team.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>

namespace fastnn::detail {
namespace {

// Turns that a helper waits awake, some 50 us: longer than the gaps between the calls of a training step,
// too short to slow down whatever runs next on its core.
constexpr int kSpins = 2000;

inline void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#else
  std::this_thread::yield();
#endif
}

class Team {
 public:
  bool run(int helpers, Index blocks, Block call, void* body) {
    const std::unique_lock lock(caller_, std::try_to_lock);
    if (!lock) return false;
    enlist(helpers);
    call_ = call;
    body_ = body;
    blocks_ = blocks;
    error_ = nullptr;
    next_ = 0;
    seats_ = helpers;
    ++round_;  // odd: open
    if (sleepers_ > 0) {
      {
        const std::lock_guard sleeping(sleep_);
      }  // whoever is about to sleep sees the round, or is woken
      wake_.notify_all();
    }
    work();
    ++round_;  // even: closed. A helper enters before it looks, we close before we look: one sees the other
    for (int spins = 0; inside_ != 0; ++spins) spins < kSpins ? pause() : std::this_thread::yield();
    if (error_) std::rethrow_exception(error_);
    return true;
  }

 private:
  void work() {
    for (Index i = next_++; i < blocks_; i = next_++) {
      try {
        call_(body_, i);
      } catch (...) {
        next_ = blocks_;  // leave out what nobody has begun
        const std::lock_guard lock(failure_);
        if (!error_) error_ = std::current_exception();
      }
    }
  }

  // Life of a helper: it never ends, and never touches a round that was closed before it came in.
  void help() {
    std::uint64_t seen = 0;
    for (;;) {
      const std::uint64_t round = next_round(seen);
      ++inside_;
      if (round_ == round && seats_-- > 0) work();
      --inside_;
      seen = round;
    }
  }

  std::uint64_t next_round(std::uint64_t seen) {
    const auto fresh = [&](std::uint64_t round) { return round % 2 == 1 && round != seen; };
    for (int spins = 0; spins < kSpins; ++spins) {
      if (const std::uint64_t round = round_; fresh(round)) return round;
      pause();
    }
    std::unique_lock lock(sleep_);
    ++sleepers_;
    std::uint64_t round;
    wake_.wait(lock, [&] { return fresh(round = round_); });
    --sleepers_;
    return round;
  }

  void enlist(int helpers) {
#if defined(_OPENMP)
    if (helpers <= enlisted_) return;
    const int more = helpers - enlisted_;
    try {
      std::thread([this, more] {
#pragma omp parallel num_threads(more)
        help();
      }).detach();
      enlisted_ = helpers;
    } catch (const std::system_error&) {  // no more threads to be had: those that there are will do
    }
#endif
  }

  std::mutex caller_;  // one caller at a time; guards enlisted_ and, while a round is closed, the job
  int enlisted_ = 0;
  Block call_ = nullptr;
  void* body_ = nullptr;
  Index blocks_ = 0;
  std::mutex failure_;
  std::exception_ptr error_;
  alignas(64) std::atomic<Index> next_{0};
  alignas(64) std::atomic<std::uint64_t> round_{0};
  std::atomic<int> inside_{0};
  std::atomic<int> seats_{0};
  std::mutex sleep_;
  std::condition_variable wake_;
  std::atomic<int> sleepers_{0};
};

}  // namespace

bool run_in_team(int helpers, Index blocks, Block call, void* body) {
  static Team& team = *new Team;  // never destroyed: its threads outlive every static object
  return team.run(helpers, blocks, call, body);
}

}  // namespace fastnn::detail
