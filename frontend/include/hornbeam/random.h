// Seeds. Random numbers are counter-based (Philox): a seed and a counter, the same for any number of threads.
#pragma once

#include <cstdint>
#include <optional>

#include <hornbeam/tensor.h>
#include <hornbeam/variable.h>

namespace hornbeam {

// Makes all later default seeds follow from one number: initializers, dropout, shuffling.
void set_random_seed(uint64_t seed);
// The next default seed, as Keras' make_default_seed: a new one each call, reproducible after set_random_seed.
int64_t draw_seed();

namespace random {

// A stream of seeds in a variable uint32[2] = (seed, counter): state of the model, like Keras' SeedGenerator.
class SeedGenerator {
 public:
  explicit SeedGenerator(std::optional<int64_t> seed = {});
  // The current (seed, counter), and counts on. In a trace it updates the variable.
  Tensor next() const;
  const Variable& state() const { return state_; }
  int64_t seed() const { return seed_; }

 private:
  int64_t seed_;
  Variable state_;
};

// Uniform float32 in [0, 1) from a seed tensor uint32[2].
Tensor uniform(const Shape& shape, const Tensor& seed);

}  // namespace random
}  // namespace hornbeam
