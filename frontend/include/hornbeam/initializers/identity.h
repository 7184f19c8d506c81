// Identity.
#pragma once

#include <hornbeam/initializer.h>

namespace hornbeam::initializers {

struct IdentityOptions {
  double gain = 1.0;
};

// A matrix with `gain` on its diagonal, zeros elsewhere. Throws ValueError if the shape is no matrix.
class Identity : public Initializer {
 public:
  explicit Identity(IdentityOptions options = {}) : options_(options) {}
  Array call(const Shape& shape, DType dtype) const override;
  Config config() const override;
  static Identity from_config(const Config& config);

 private:
  IdentityOptions options_;
};

}  // namespace hornbeam::initializers
