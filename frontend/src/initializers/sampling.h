// The random numbers of initializers: host functions of a seed and an element's index, the same on every machine and
// for any number of threads.
#pragma once

#include <hornbeam/base/shape.h>

#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace hornbeam::initializers {

// One stream of numbers a seed. As in Keras, an initializer with a seed gives the same numbers every time; without one
// it draws a seed (draw_seed), so that set_random_seed makes a whole model reproducible.
class Sampler {
 public:
  explicit Sampler(std::optional<int64_t> seed);

  float uniform(int64_t i) const;            // [0, 1)
  double normal(int64_t i) const;            // standard normal, by Box and Muller
  double truncated_normal(int64_t i) const;  // standard normal within two deviations, by rejection

 private:
  std::array<double, 2> normal_pair(int64_t i, uint32_t attempt) const;

  std::array<uint32_t, 2> key_;
};

// The number of input and output units of a weight: a vector's length is both, a matrix has rows and columns, a kernel
// [..., in, out] multiplies both by its receptive field. With both axis lists given, the products over those axes.
std::pair<int64_t, int64_t> compute_fans(const Shape& shape, const std::vector<int64_t>& input_axes = {},
                                         const std::vector<int64_t>& output_axes = {});

}  // namespace hornbeam::initializers
