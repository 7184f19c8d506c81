// Fused multiply-adds on as many independent registers as hide their latency, with the widest vectors that this processor
// has; and sums over an array that no cache holds.
#include "frontend/src/profile/peak.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace hornbeam::profile {
namespace {

// Half a millisecond: some of the tries are not disturbed, even on a busy machine.
constexpr int kRounds = 100000;

template <int Lanes>
struct VectorOf {
  typedef float type __attribute__((vector_size(Lanes * sizeof(float))));
};

// `Lanes` floats to a register; `Registers` of them at once. Contraction is what makes one instruction of it.
template <int Lanes, int Registers>
[[gnu::always_inline]] inline float multiply_add() {
#if defined(__clang__)
#pragma clang fp contract(fast)
#endif
  using Vector = typename VectorOf<Lanes>::type;
  Vector sums[Registers];
  for (int k = 0; k < Registers; ++k) sums[k] = Vector{} + static_cast<float>(k);  // no two alike, or one would do
  Vector factor = {}, addend = {};
  factor += 0.999f;
  addend += 0.001f;
  for (int i = 0; i < kRounds; ++i) {
#pragma GCC unroll 16
    for (int k = 0; k < Registers; ++k) sums[k] = sums[k] * factor + addend;  // each in its register
  }
  float total = 0;
  for (const Vector& sum : sums) total += sum[0];
  return total;
}

struct Widest {
  float (*run)();
  double flops;  // of one run
};

float baseline() { return multiply_add<4, 12>(); }
#if defined(__x86_64__)
[[gnu::target("avx2,fma")]] float with_avx2() { return multiply_add<8, 12>(); }
[[gnu::target("avx512f")]] float with_avx512() { return multiply_add<16, 16>(); }
#endif

Widest widest() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f")) return {with_avx512, 2.0 * 16 * 16 * kRounds};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return {with_avx2, 2.0 * 8 * 12 * kRounds};
#endif
  return {baseline, 2.0 * 4 * 12 * kRounds};
}

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// The best time in which all threads do `work` at once.
double best_seconds(int threads, int tries, const std::function<float(int)>& work) {
  double best = 1e9;
  for (int attempt = 0; attempt < tries; ++attempt) {
    std::atomic<int> ready{0};
    std::atomic<bool> go{false};
    std::atomic<float> sink{0};
    std::vector<std::thread> workers;
    for (int t = 0; t < threads; ++t)
      workers.emplace_back([&, t] {
        ++ready;
        while (!go) std::this_thread::yield();
        sink = work(t);
      });
    while (ready < threads) std::this_thread::yield();
    const double start = seconds_now();
    go = true;
    for (std::thread& worker : workers) worker.join();
    best = std::min(best, seconds_now() - start);
  }
  return best;
}

double measure_flops(int threads) {
  Widest w = widest();
  return w.flops * threads / best_seconds(threads, 30, [&](int) { return w.run(); });
}

double measure_bytes(int threads) {
  constexpr size_t kFloats = size_t{16} << 20;  // 64 MiB a thread
  std::vector<std::vector<float>> arrays(static_cast<size_t>(threads), std::vector<float>(kFloats, 1.0f));
  typedef float Vector __attribute__((vector_size(16), aligned(4), may_alias));
  double seconds = best_seconds(threads, 6, [&](int t) {
    const float* at = arrays[static_cast<size_t>(t)].data();
    Vector sums[8] = {};
    for (size_t i = 0; i < kFloats; i += 32)
      for (size_t j = 0; j < 8; ++j) sums[j] += *reinterpret_cast<const Vector*>(at + i + 4 * j);
    float total = 0;
    for (const Vector& sum : sums) total += sum[0];
    return total;
  });
  return static_cast<double>(threads * kFloats * sizeof(float)) / seconds;
}

// Keeps what was measured, by number of threads.
double remembered(double (*measure)(int), int threads) {
  static std::mutex mutex;
  static std::map<std::pair<double (*)(int), int>, double> measured;
  std::lock_guard lock(mutex);
  auto [at, added] = measured.try_emplace({measure, threads}, 0);
  if (added) at->second = measure(threads);
  return at->second;
}

}  // namespace

double peak_flops(int threads) { return remembered(measure_flops, threads); }
double peak_bytes_per_second(int threads) { return remembered(measure_bytes, threads); }

}  // namespace hornbeam::profile
