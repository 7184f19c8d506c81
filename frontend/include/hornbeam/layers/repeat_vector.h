// RepeatVector.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

struct RepeatVectorOptions {
  int64_t n = 1;  // how often the input is repeated
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// [batch, features] → [batch, n, features]. Throws ValueError if n is negative or the input is not of rank 2.
class RepeatVector : public UnaryLayerOf<RepeatVector> {
 public:
  explicit RepeatVector(RepeatVectorOptions options);
  void check_input(const Shape& input) const override;
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static RepeatVector from_config(const Config& config);

 private:
  RepeatVectorOptions options_;
};

}  // namespace hornbeam::layers
