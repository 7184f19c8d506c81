// CategoryEncoding.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

struct CategoryEncodingOptions {
  int64_t num_tokens = 0;                // ids are in [0, num_tokens); must be > 0
  std::string output_mode = "multi_hot";  // or "one_hot", "count"
  bool sparse = false;                    // not available
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// Ids as vectors over all tokens.
//   x [batch, …, n] of integers  →  "one_hot" [batch, …, n, num_tokens], "multi_hot" and "count" [batch, …, num_tokens]
// A one-hot input whose last axis is 1 loses it. The argument "count_weights" of a call, of x's shape, is summed
// instead of counting ones. Throws ValueError if num_tokens is not positive, for a mode that is not known, and for
// weights with another mode than "count".
class CategoryEncoding : public UnaryLayerOf<CategoryEncoding> {
 public:
  explicit CategoryEncoding(CategoryEncodingOptions options);
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static CategoryEncoding from_config(const Config& config);

 protected:
  bool autocasts() const override { return false; }

 private:
  CategoryEncodingOptions options_;
};

}  // namespace hornbeam::layers
