// Fixed workers that run one function together (SPMD): a program's threads each run its whole loop on their share and
// meet at barriers. Thread 0 is the caller.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

#include "runtime/device/cpu/futex.h"

namespace hornbeam::runtime {

class Barrier {
 public:
  // For `num_threads` threads that spin that long before they sleep. No thread may be waiting.
  void reset(int num_threads, int spins) {
    num_threads_ = static_cast<uint32_t>(num_threads);
    spins_ = spins;
  }
  void wait() {
    uint32_t round = round_.load(std::memory_order_relaxed);
    if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == num_threads_) {
      arrived_.store(0, std::memory_order_relaxed);
      round_.set(round + 1);
    } else {
      round_.wait(round, spins_);
    }
  }

 private:
  alignas(64) std::atomic<uint32_t> arrived_{0};
  WaitableWord round_;
  uint32_t num_threads_ = 1;
  int spins_ = 0;
};

class ThreadPool {
 public:
  // What every thread runs. It must not throw.
  using Function = void (*)(void* context, int thread, int num_threads, Barrier& barrier);

  explicit ThreadPool(int num_threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int num_threads() const { return num_threads_.load(std::memory_order_relaxed); }
  void resize(int num_threads);  // waits for a running call

  // Calls function on threads 0 .. n-1, n = min(most, num_threads()), and returns when all have. Concurrent calls take
  // turns. Allocates nothing once the workers run, which they do from the first call with n > 1 on.
  void run(int most, Function function, void* context);

  // The process's pool. It is never destroyed: its workers sleep until the process ends.
  static ThreadPool& shared();

 private:
  void start();
  void stop();
  void begin_as_child();
  void work(int thread, uint32_t seen);

  std::mutex mutex_;  // held while a call runs
  std::atomic<int> num_threads_;
  int spins_ = 0;
  std::vector<std::thread> workers_;
  std::atomic<bool> stopping_{false};

  // The job: written before generation_ is raised, read by workers after they see it raised. A worker with a number of
  // job_threads_ or more only decrements pending_, so every worker has let go of one job before the next is written.
  Function function_ = nullptr;
  void* context_ = nullptr;
  int job_threads_ = 0;
  WaitableWord generation_;
  WaitableWord pending_;
  Barrier barrier_;
};

}  // namespace hornbeam::runtime
