// Waiting for an atomic word to change: a short spin, then sleep in the kernel. An unbounded spin costs milliseconds
// when the peer has lost its core on a shared machine; sleeping at once costs microseconds when it has not.
#pragma once

#include <atomic>
#include <climits>
#include <cstdint>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace hornbeam::runtime {

inline void cpu_pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("isb" ::: "memory");
#endif
}

// A word and the number of threads asleep on it, on a cache line of its own.
class alignas(64) WaitableWord {
 public:
  uint32_t load(std::memory_order order = std::memory_order_acquire) const { return word_.load(order); }

  // Waits while the word is `old`.
  void wait(uint32_t old, int spins) {
    for (int i = 0; i < spins; ++i) {
      if (word_.load(std::memory_order_acquire) != old) return;
      cpu_pause();
    }
    // Sequentially consistent on both sides: either this thread sees the new word, or the other one sees a sleeper.
    sleepers_.fetch_add(1, std::memory_order_seq_cst);
    while (word_.load(std::memory_order_seq_cst) == old)
      ::syscall(SYS_futex, &word_, FUTEX_WAIT_PRIVATE, old, nullptr, nullptr, 0);
    sleepers_.fetch_sub(1, std::memory_order_relaxed);
  }

  // Sets the word and wakes all who wait.
  void set(uint32_t value) {
    word_.store(value, std::memory_order_seq_cst);
    wake();
  }
  uint32_t subtract_one() { return word_.fetch_sub(1, std::memory_order_seq_cst) - 1; }
  void wake() {
    if (sleepers_.load(std::memory_order_seq_cst) != 0)
      ::syscall(SYS_futex, &word_, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
  }
  // Without waking anyone.
  void store(uint32_t value) { word_.store(value, std::memory_order_relaxed); }

 private:
  static_assert(sizeof(std::atomic<uint32_t>) == 4 && std::atomic<uint32_t>::is_always_lock_free);
  std::atomic<uint32_t> word_{0};
  std::atomic<uint32_t> sleepers_{0};
};

}  // namespace hornbeam::runtime
