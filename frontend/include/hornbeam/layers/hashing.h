// Hashing.
#pragma once

#include <hornbeam/layer.h>
#include <hornbeam/layers/host_layer.h>
#include <hornbeam/layers/salt.h>

namespace hornbeam::layers {

struct HashingOptions {
  int64_t num_bins = 0;             // must be > 0
  Config mask_value = {};           // a string or number that has bin 0 for itself
  Salt salt = {};                   // by SipHash with this key; else by FarmHash64
  std::string output_mode = "int";  // or "one_hot", "multi_hot", "count"
  bool sparse = false;              // not available
  std::optional<std::string> name = {};
  std::optional<DTypePolicy> dtype = {};  // int64 with "int", else the default policy
  bool trainable = true;
};

// The bin of each string, by a hash that never changes; numbers are hashed as their decimals, floats without their
// fraction.
//   x [batch, …, n]  →  "int" [batch, …, n], "one_hot" [batch, …, n, num_bins], the others [batch, …, num_bins]
// The layer runs on the host (host_layer.h). Throws ValueError if num_bins is not positive, for a mode that is not known,
// and with "int" for a dtype that is no integer; NotImplementedError for sparse outputs.
class Hashing : public UnaryLayerOf<Hashing>, public HostLayer {
 public:
  explicit Hashing(HashingOptions options);
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static Hashing from_config(const Config& config);

  runtime::HostOp host_op(bool in_model) const override;
  Type host_type(const std::vector<Type>& inputs) const override;

 protected:
  bool autocasts() const override { return false; }

 private:
  HashingOptions options_;
};

}  // namespace hornbeam::layers
