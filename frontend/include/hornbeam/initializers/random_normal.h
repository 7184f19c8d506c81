// RandomNormal.
#pragma once

#include <hornbeam/initializer.h>

#include <optional>

namespace hornbeam::initializers {

struct RandomNormalOptions {
  double mean = 0.0;
  double stddev = 0.05;
  std::optional<int64_t> seed = {};  // a new one each call if unset
};

// Normal with the given mean and standard deviation.
class RandomNormal : public Initializer {
 public:
  explicit RandomNormal(RandomNormalOptions options = {}) : options_(options) {}
  Array call(const Shape& shape, DType dtype) const override;
  Config config() const override;
  static RandomNormal from_config(const Config& config);

 private:
  RandomNormalOptions options_;
};

}  // namespace hornbeam::initializers
