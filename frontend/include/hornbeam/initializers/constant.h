// Constant.
#pragma once

#include <hornbeam/initializer.h>

namespace hornbeam::initializers {

struct ConstantOptions {
  double value = 0.0;
};

// Every element `value`.
class Constant : public Initializer {
 public:
  explicit Constant(ConstantOptions options = {}) : options_(options) {}
  Array call(const Shape& shape, DType dtype) const override;
  Config config() const override;
  static Constant from_config(const Config& config);

 private:
  ConstantOptions options_;
};

}  // namespace hornbeam::initializers
