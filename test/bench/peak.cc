// Fused multiply-adds on as many independent registers as hide their latency. This file is compiled for this machine.
#include "test/bench/peak.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <thread>
#include <vector>

namespace hornbeam::bench {
namespace {

#ifdef __AVX512F__
constexpr int kVectorBytes = 64, kRegisters = 16;
#else
constexpr int kVectorBytes = 32, kRegisters = 12;
#endif
typedef float Vector __attribute__((vector_size(kVectorBytes)));
constexpr int kLanes = kVectorBytes / sizeof(float);

float multiply_add(int64_t rounds) {
  Vector sums[kRegisters] = {};
  Vector factor = {}, addend = {};
  factor += 0.999f;
  addend += 0.001f;
  for (int64_t i = 0; i < rounds; ++i)
    for (Vector& sum : sums) sum = sum * factor + addend;
  float total = 0;
  for (const Vector& sum : sums) total += sum[0];
  return total;
}

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double measure(int threads) {
  constexpr int64_t kRounds = 1000000;
  double best = 1e9;
  for (int attempt = 0; attempt < 7; ++attempt) {
    std::atomic<int> ready{0};
    std::atomic<bool> go{false};
    std::atomic<float> sink{0};
    std::vector<std::thread> workers;
    for (int t = 0; t < threads; ++t)
      workers.emplace_back([&] {
        ++ready;
        while (!go) {
        }
        sink = multiply_add(kRounds);
      });
    while (ready < threads) std::this_thread::yield();
    const double start = seconds_now();
    go = true;
    for (std::thread& worker : workers) worker.join();
    best = std::min(best, seconds_now() - start);
  }
  return 2.0 * kRegisters * kLanes * kRounds * threads / best;
}

}  // namespace

double peak_flops(int threads) {
  static std::map<int, double> measured;
  auto at = measured.find(threads);
  if (at == measured.end()) at = measured.emplace(threads, measure(threads)).first;
  return at->second;
}

}  // namespace hornbeam::bench
