// Orthogonal.
#pragma once

#include <hornbeam/initializer.h>

#include <optional>

namespace hornbeam::initializers {

struct OrthogonalOptions {
  double gain = 1.0;
  std::optional<int64_t> seed = {};  // a new one each call if unset
};

// `gain` times a random matrix with orthonormal rows (or columns, whichever are fewer): Saxe et al., "Exact solutions
// to the nonlinear dynamics of learning in deep linear neural networks", 2014. All axes but the last are the rows.
// Throws ValueError if the shape has fewer than two axes.
class Orthogonal : public Initializer {
 public:
  explicit Orthogonal(OrthogonalOptions options = {}) : options_(options) {}
  Array call(const Shape& shape, DType dtype) const override;
  Config config() const override;
  static Orthogonal from_config(const Config& config);

 private:
  OrthogonalOptions options_;
};

}  // namespace hornbeam::initializers
