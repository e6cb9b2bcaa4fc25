#include "fastnn/core/team.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>

#if defined(__linux__)
#include <sched.h>
#endif

namespace fastnn::detail {
namespace {

// Turns that a helper waits awake, some 50 us: longer than the gaps between the calls of a training step,
// too short to slow down whatever runs next on its core.
constexpr int kSpins = 2000;
// Seconds of work for others that make it worth waking helpers: to wake one costs 5 to 10 us on a busy
// machine. The calls of a loop count together: those that follow each other while a woken helper would stay
// awake.
constexpr double kWorthWaking = 60e-6, kFollowing = 50e-6;

inline void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#else
  std::this_thread::yield();
#endif
}

/// The core that this thread runs on, or -1.
inline int this_core() {
#if defined(__linux__)
  return sched_getcpu();
#else
  return -1;
#endif
}

class Team {
  using Clock = std::chrono::steady_clock;
  using Time = Clock::time_point;
  using Seconds = std::chrono::duration<double>;

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
    callers_core_.store(this_core(), std::memory_order_relaxed);
    ++round_;  // odd: open
    lead();
    ++round_;  // even: closed. A helper enters before it looks, we close before we look: one sees the other
    for (int spins = 0; inside_ != 0; ++spins) spins < kSpins ? pause() : std::this_thread::yield();
    if (error_) std::rethrow_exception(error_);
    return true;
  }

 private:
  // The caller's part: it works, and wakes helpers if that pays: at once for what took long the last time,
  // otherwise once it knows how long a block takes. That is too late where blocks are few and long.
  void lead() {
    if (sleepers_ == 0) return work();
    const Time start = Clock::now();
    Known& known = known_[place_of(call_, blocks_)];
    if (known.call == call_ && known.blocks == blocks_ && known.took > Seconds(kWorthWaking)) {
      wake();
    } else {
      if (!work_on_one()) return;
      const Seconds block = Clock::now() - start;
      if (start - last_end_ > Seconds(kFollowing)) missed_ = Seconds(0);
      missed_ += block * static_cast<double>(std::max<Index>(0, blocks_ - next_));
      if (missed_ > Seconds(kWorthWaking)) wake();
    }
    work();
    last_end_ = Clock::now();
    known = {call_, blocks_, last_end_ - start};
  }

  void wake() {
    missed_ = Seconds(0);
    {
      const std::lock_guard sleeping(sleep_);
    }  // whoever is about to sleep sees the round, or is woken
    wake_.notify_all();
  }

  void work() {
    while (work_on_one()) {
    }
  }

  bool work_on_one() {
    const Index i = next_++;
    if (i >= blocks_) return false;
    try {
      call_(body_, i);
    } catch (...) {
      next_ = blocks_;  // leave out what nobody has begun
      const std::lock_guard lock(failure_);
      if (!error_) error_ = std::current_exception();
    }
    return true;
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
      if (on_callers_core()) break;
      pause();
    }
    std::unique_lock lock(sleep_);
    ++sleepers_;
    std::uint64_t round;
    wake_.wait(lock, [&] { return fresh(round = round_); });
    --sleepers_;
    return round;
  }

  // On a busy machine the system may wake a helper in the caller's place: to spin there would hold the caller
  // up.
  bool on_callers_core() const {
    const int core = this_core();
    return core >= 0 && core == callers_core_.load(std::memory_order_relaxed);
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

  std::mutex caller_;  // one caller at a time; guards what follows and, while a round is closed, the job
  int enlisted_ = 0;
  // Calls that found helpers asleep, and how long they took the last time: a training step has some ten or
  // twenty of them in turn.
  struct Known {
    Block call = nullptr;
    Index blocks = 0;
    Seconds took{0};
  };
  static constexpr std::size_t kKnown = 64;
  static std::size_t place_of(Block call, Index blocks) {
    const auto key = reinterpret_cast<std::uintptr_t>(call) / 16 + 31 * static_cast<std::uintptr_t>(blocks);
    return static_cast<std::size_t>(key % kKnown);
  }
  Known known_[kKnown];
  Time last_end_;      // of the last of them
  Seconds missed_{0};  // work that helpers could have done in it and in those closely before it
  Block call_ = nullptr;
  void* body_ = nullptr;
  Index blocks_ = 0;
  std::mutex failure_;
  std::exception_ptr error_;
  alignas(64) std::atomic<Index> next_{0};
  alignas(64) std::atomic<std::uint64_t> round_{0};
  std::atomic<int> inside_{0};
  std::atomic<int> seats_{0};
  std::atomic<int> callers_core_{-1};
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
