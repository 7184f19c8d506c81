// The thread pool, and how many threads it has.
#include "runtime/device/cpu/thread_pool.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <system_error>

#include <pthread.h>
#include <sched.h>

#include <hornbeam/base/error.h>
#include <hornbeam/runtime/threads.h>

namespace hornbeam::runtime {
namespace {

constexpr int kMaxThreads = 4096;
// About 15 us on a Zen 5: longer than threads that run side by side have to wait for each other, much shorter than a
// time slice. Where threads share cores, waiting for one that is not running is pointless from the start.
constexpr int kSpins = 1000;
constexpr int kSpinsOnSharedCores = 20;

int available_cores() {
  cpu_set_t cores;
  if (::sched_getaffinity(0, sizeof cores, &cores) == 0) return std::max(1, CPU_COUNT(&cores));
  // More cores than a cpu_set_t has bits.
  return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, kMaxThreads);
}

int initial_num_threads() {
  const char* text = std::getenv("HORNBEAM_NUM_THREADS");
  if (!text || !*text) return available_cores();
  int count = 0;
  const char* end = text + std::strlen(text);
  auto [rest, error] = std::from_chars(text, end, count);
  if (error != std::errc() || rest != end || count < 1 || count > kMaxThreads)
    throw ValueError("The environment variable HORNBEAM_NUM_THREADS must be a number from 1 to " +
                     std::to_string(kMaxThreads) + ". Received: '" + text + "'");
  return count;
}

}  // namespace

ThreadPool::ThreadPool(int num_threads) : num_threads_(num_threads) {}

ThreadPool::~ThreadPool() { stop(); }

ThreadPool& ThreadPool::shared() {
  static ThreadPool* const pool = [] {
    ThreadPool* made = new ThreadPool(initial_num_threads());
    // A forked child has no workers, and would wait for them for ever: it starts its own. The lock is taken over the
    // fork, so that none happens within a call.
    ::pthread_atfork([] { shared().mutex_.lock(); }, [] { shared().mutex_.unlock(); }, [] { shared().begin_as_child(); });
    return made;
  }();
  return *pool;
}

void ThreadPool::begin_as_child() {
  new (&workers_) std::vector<std::thread>();  // the threads are gone, there is nothing to join: forget them
  new (&generation_) WaitableWord();
  mutex_.unlock();
}

void ThreadPool::resize(int num_threads) {
  std::lock_guard lock(mutex_);
  if (num_threads == this->num_threads()) return;
  stop();
  num_threads_ = num_threads;
}

void ThreadPool::start() {
  int count = num_threads();
  spins_ = count <= available_cores() ? kSpins : kSpinsOnSharedCores;
  uint32_t seen = generation_.load();
  try {
    for (int thread = 1; thread < count; ++thread) workers_.emplace_back(&ThreadPool::work, this, thread, seen);
  } catch (const std::system_error&) {
    // The system has no more threads: go on with those there are. Results do not depend on it.
    num_threads_ = static_cast<int>(workers_.size()) + 1;
  }
}

void ThreadPool::stop() {
  if (workers_.empty()) return;
  stopping_ = true;
  generation_.set(generation_.load() + 1);
  for (std::thread& worker : workers_) worker.join();
  workers_.clear();
  stopping_ = false;
}

void ThreadPool::work(int thread, uint32_t seen) {
  for (;;) {
    generation_.wait(seen, spins_);
    ++seen;
    if (stopping_) return;
    if (thread < job_threads_) function_(context_, thread, job_threads_, barrier_);
    if (pending_.subtract_one() == 0) pending_.wake();
  }
}

void ThreadPool::run(int most, Function function, void* context) {
  std::lock_guard lock(mutex_);
  if (most > 1 && workers_.empty() && num_threads() > 1) start();
  int threads = std::clamp(most, 1, num_threads());
  barrier_.reset(threads, spins_);
  if (threads == 1) {
    function(context, 0, 1, barrier_);
    return;
  }
  function_ = function;
  context_ = context;
  job_threads_ = threads;
  pending_.store(static_cast<uint32_t>(workers_.size()));
  generation_.set(generation_.load() + 1);
  function(context, 0, threads, barrier_);
  for (uint32_t left; (left = pending_.load()) != 0;) pending_.wait(left, spins_);
}

}  // namespace hornbeam::runtime

namespace hornbeam {

int num_threads() { return runtime::ThreadPool::shared().num_threads(); }

void set_num_threads(int count) {
  if (count < 1 || count > runtime::kMaxThreads)
    throw ValueError("The number of threads must lie between 1 and " + std::to_string(runtime::kMaxThreads) +
                     ". Received: " + std::to_string(count));
  runtime::ThreadPool::shared().resize(count);
}

}  // namespace hornbeam
