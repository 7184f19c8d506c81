// Permute.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

struct PermuteOptions {
  std::vector<int64_t> dims = {};  // axes of the input, counted from 1 (the batch is 0), in the order of the output
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// [batch, …] → [batch, axes in the order of dims]: {.dims = {2, 1}} swaps the first two. Throws ValueError if dims are
// not 1, 2, … in some order, or are not as many as the input's axes without the batch.
class Permute : public UnaryLayerOf<Permute> {
 public:
  explicit Permute(PermuteOptions options);
  void check_input(const Shape& input) const override;
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static Permute from_config(const Config& config);

 private:
  PermuteOptions options_;
};

}  // namespace hornbeam::layers
