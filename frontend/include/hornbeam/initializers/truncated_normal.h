// TruncatedNormal.
#pragma once

#include <hornbeam/initializer.h>

#include <optional>

namespace hornbeam::initializers {

struct TruncatedNormalOptions {
  double mean = 0.0;
  double stddev = 0.05;
  std::optional<int64_t> seed = {};  // a new one each call if unset
};

// Normal with the given mean and standard deviation, of which only values within two deviations are kept.
class TruncatedNormal : public Initializer {
 public:
  explicit TruncatedNormal(TruncatedNormalOptions options = {}) : options_(options) {}
  Array call(const Shape& shape, DType dtype) const override;
  Config config() const override;
  static TruncatedNormal from_config(const Config& config);

 private:
  TruncatedNormalOptions options_;
};

}  // namespace hornbeam::initializers
