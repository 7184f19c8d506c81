// The thread pool: every thread runs once a call, barriers hold, sizes change.
#include "runtime/device/cpu/thread_pool.h"

#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace hornbeam::runtime {
namespace {

struct Tally {
  std::vector<int> calls = std::vector<int>(64, 0);  // each thread writes its own
  std::atomic<int> num_threads{0};
};

void count_call(void* context, int thread, int num_threads, Barrier&) {
  Tally& tally = *static_cast<Tally*>(context);
  ++tally.calls[thread];
  tally.num_threads = num_threads;
}

TEST(ThreadPool, RunsEachThreadOncePerCall) {
  ThreadPool pool(5);
  Tally tally;
  for (int i = 0; i < 2000; ++i) pool.run(64, count_call, &tally);
  for (int thread = 0; thread < 64; ++thread) EXPECT_EQ(tally.calls[thread], thread < 5 ? 2000 : 0) << thread;
  EXPECT_EQ(tally.num_threads, 5);
}

TEST(ThreadPool, UsesFewerThreadsWhenAsked) {
  ThreadPool pool(4);
  Tally tally;
  for (int i = 0; i < 300; ++i) pool.run(1 + i % 3, count_call, &tally);
  EXPECT_EQ(std::vector<int>(tally.calls.begin(), tally.calls.begin() + 4), (std::vector<int>{300, 200, 100, 0}));
}

TEST(ThreadPool, ChangesItsSize) {
  ThreadPool pool(1);
  for (int size : {1, 3, 2, 8, 1, 4}) {
    pool.resize(size);
    EXPECT_EQ(pool.num_threads(), size);
    Tally tally;
    pool.run(64, count_call, &tally);
    EXPECT_EQ(tally.num_threads, size);
  }
}

// Every thread writes its slot, and behind a barrier reads all the others'.
struct Rounds {
  std::vector<int> slots = std::vector<int>(16, 0);
  std::atomic<int> wrong{0};
};

void run_rounds(void* context, int thread, int num_threads, Barrier& barrier) {
  Rounds& rounds = *static_cast<Rounds*>(context);
  for (int round = 1; round <= 500; ++round) {
    rounds.slots[thread] = round;
    barrier.wait();
    for (int other = 0; other < num_threads; ++other)
      if (rounds.slots[other] != round) ++rounds.wrong;
    barrier.wait();
  }
}

TEST(ThreadPool, HoldsThreadsAtBarriers) {
  for (int size : {2, 3, 9}) {  // more than this machine may have cores
    ThreadPool pool(size);
    for (int repeat = 0; repeat < 3; ++repeat) {
      Rounds rounds;
      pool.run(size, run_rounds, &rounds);
      EXPECT_EQ(rounds.wrong, 0) << size << " threads";
    }
  }
}

TEST(ThreadPool, StartsWorkersOfItsOwnInAForkedChild) {
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
  GTEST_SKIP() << "the thread sanitizer knows no threads after a fork";
#endif
#endif
  ThreadPool& pool = ThreadPool::shared();
  int before = pool.num_threads();
  pool.resize(3);
  Tally tally;
  pool.run(3, count_call, &tally);
  pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::alarm(20);  // a pool that waits for threads it has not would hang
    pool.run(3, count_call, &tally);
    pool.run(3, count_call, &tally);
    ::_exit(tally.calls[0] == 3 && tally.calls[1] == 3 && tally.calls[2] == 3 ? 0 : 1);
  }
  pool.run(3, count_call, &tally);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "status " << status;
  pool.resize(before);
}

TEST(ThreadPool, TakesConcurrentCallsInTurn) {
  ThreadPool pool(3);
  Tally tally;
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i)
    callers.emplace_back([&] {
      for (int j = 0; j < 200; ++j) pool.run(3, count_call, &tally);
    });
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(tally.calls[0], 800);
  EXPECT_EQ(tally.calls[2], 800);
}

}  // namespace
}  // namespace hornbeam::runtime
