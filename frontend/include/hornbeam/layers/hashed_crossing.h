// HashedCrossing.
#pragma once

#include <hornbeam/layer.h>
#include <hornbeam/layers/host_layer.h>

namespace hornbeam::layers {

struct HashedCrossingOptions {
  int64_t num_bins = 0;             // must be > 0
  std::string output_mode = "int";  // or "one_hot"
  bool sparse = false;              // not available
  std::optional<std::string> name = {};
  std::optional<DTypePolicy> dtype = {};  // int64 with "int", else the default policy
};

// The bin of several features together: of the pair, triple, … of strings or integers of a sample.
//   [x1, x2, …], each [batch] or [batch, 1]  →  "int" of that shape, "one_hot" [batch, num_bins]
// The layer runs on the host (host_layer.h). Throws ValueError for one input alone, inputs of different or other shapes, and
// dtypes that are neither integer nor string; NotImplementedError for sparse outputs.
class HashedCrossing : public LayerOf<HashedCrossing>, public HostLayer {
 public:
  explicit HashedCrossing(HashedCrossingOptions options);
  void check_input(const Shapes& inputs) const override;
  Tensors call(const Tensors& inputs, const CallArgs& args) override;
  Config config() const override;
  static HashedCrossing from_config(const Config& config);

  runtime::HostOp host_op(bool in_model) const override;
  Type host_type(const std::vector<Type>& inputs) const override;

 protected:
  bool autocasts() const override { return false; }

 private:
  HashedCrossingOptions options_;
};

}  // namespace hornbeam::layers
