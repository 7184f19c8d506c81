// Dot.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

struct DotOptions {
  std::vector<int64_t> axes = {};  // one for both tensors, or one for each; not the batch
  bool normalize = false;          // to length 1 along the axes first: cosine similarity
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// The sum of products along one axis of two tensors, for each element of the batch: the result has the batch, the other
// axes of the first and those of the second. Two tensors of rank 2 give [batch, 1]. Throws ValueError for anything but
// a list of two, the batch axis, and axes of different sizes.
class Dot : public LayerOf<Dot> {
 public:
  explicit Dot(DotOptions options);
  void check_input(const Shapes& inputs) const override;
  Tensors call(const Tensors& inputs, const CallArgs&) override;
  Config config() const override;
  static Dot from_config(const Config& config);

 private:
  // The axis of input `i`, counted from the front.
  int64_t axis_of(size_t i, int64_t rank) const;

  DotOptions options_;
};

// The layer called at once.
inline Tensor dot(const Tensors& inputs, DotOptions options) { return Dot(std::move(options))(inputs); }

}  // namespace hornbeam::layers
