// Default seeds, seed variables, and uniform numbers from them.
#include <hornbeam/random.h>

#include <atomic>
#include <mutex>
#include <random>

#include <hornbeam/base/philox.h>
#include <hornbeam/ops/elementwise.h>

#include "frontend/src/ops/apply.h"

namespace hornbeam {
namespace {

std::mutex seed_mutex;
std::optional<uint64_t> global_seed;
uint32_t draws = 0;

}  // namespace

void set_random_seed(uint64_t seed) {
  std::lock_guard lock(seed_mutex);
  global_seed = seed;
  draws = 0;
}

int64_t draw_seed() {
  std::lock_guard lock(seed_mutex);
  if (!global_seed) global_seed = (uint64_t{std::random_device{}()} << 32) | std::random_device{}();
  auto words = philox4x32({draws++, 0, 0, 0x5eedu},
                          {static_cast<uint32_t>(*global_seed), static_cast<uint32_t>(*global_seed >> 32)});
  return static_cast<int64_t>(words[0] >> 1);  // 31 bits, as it goes into configs
}

namespace random {

SeedGenerator::SeedGenerator(std::optional<int64_t> seed)
    : seed_(seed ? *seed : draw_seed()),
      state_(Array::of<uint32_t>({2}, {static_cast<uint32_t>(seed_), 0u}), "seed_generator_state") {}

Tensor SeedGenerator::next() const {
  Tensor now = state_;
  if (trace::Trace* trace = trace::Trace::current())
    now = trace->read(state_);
  else
    now = state_.value();
  state_.assign(ops::add(now, Array::of<uint32_t>({2}, {0u, 1u})));
  return now;
}

Tensor uniform(const Shape& shape, const Tensor& seed) {
  return ops::apply("Uniform", {seed}, Config::object({{"shape", shape}}), [shape](const std::vector<Tensor>& x) {
    return trace::emit("random_uniform", x, {{"shape", shape.dims()}});
  });
}

}  // namespace random
}  // namespace hornbeam
