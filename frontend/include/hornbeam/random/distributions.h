// Random numbers; names and arguments as keras.random. The generator is Hornbeam's own: Keras' distributions, not its
// bits.
#pragma once

#include <optional>
#include <vector>

#include <hornbeam/random.h>
#include <hornbeam/settings.h>

namespace hornbeam::random {

// Where numbers come from: nothing (a new default seed at each call), a number (the same numbers at each call), a
// SeedGenerator (new numbers at each call, in a compiled step too), or a seed tensor uint32[2]. In a layer's call use a
// SeedGenerator: without one a compiled step draws the same numbers each time.
class Seed {
 public:
  Seed() = default;
  Seed(std::nullopt_t) {}
  template <class T>
  requires std::integral<T> Seed(T seed) : number_(static_cast<int64_t>(seed)) {}
  Seed(SeedGenerator generator) : generator_(std::move(generator)) {}
  Seed(Tensor seed) : tensor_(std::move(seed)) {}
  // The seed tensor of one call.
  Tensor next() const;

 private:
  std::optional<int64_t> number_;
  std::optional<SeedGenerator> generator_;
  Tensor tensor_;
};

// In [minval, maxval). Throws ValueError for a dtype that is no float.
Tensor uniform(const Shape& shape, double minval, double maxval, DType dtype = config::floatx(), const Seed& seed = {});
Tensor normal(const Shape& shape, double mean = 0.0, double stddev = 1.0, DType dtype = config::floatx(),
              const Seed& seed = {});
// Normal, but for numbers more than two standard deviations from the mean: those are not drawn.
Tensor truncated_normal(const Shape& shape, double mean = 0.0, double stddev = 1.0, DType dtype = config::floatx(),
                        const Seed& seed = {});
// Integers in [minval, maxval). Throws ValueError for a dtype that is no integer, or an empty range.
Tensor randint(const Shape& shape, int64_t minval, int64_t maxval, DType dtype = DType::int32, const Seed& seed = {});
// num_samples classes a row, each with the probability that softmax gives it.
//   logits [batch, classes]  →  [batch, num_samples]
Tensor categorical(const Tensor& logits, int64_t num_samples, DType dtype = DType::int32, const Seed& seed = {});
// Inputs divided by 1 - rate, but for a share `rate` of them, which is 0. noise_shape: one decision along each axis of
// 1
// (-1: as the input).
Tensor dropout(const Tensor& inputs, double rate, const std::optional<Shape>& noise_shape = {}, const Seed& seed = {});
// The slices along an axis in a random order.
Tensor shuffle(const Tensor& x, int64_t axis = 0, const Seed& seed = {});
// Gamma distributed with the shape parameter alpha (which broadcasts to `shape`) and scale 1.
Tensor gamma(const Shape& shape, const Tensor& alpha, DType dtype = config::floatx(), const Seed& seed = {});
Tensor beta(const Shape& shape, const Tensor& alpha, const Tensor& beta, DType dtype = config::floatx(),
            const Seed& seed = {});
// How many of `counts` trials succeed; both broadcast to `shape`.
Tensor binomial(const Shape& shape, const Tensor& counts, const Tensor& probabilities, DType dtype = config::floatx(),
                const Seed& seed = {});

}  // namespace hornbeam::random
