// Identity.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

struct IdentityOptions {
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// Its input as it is.
class Identity : public UnaryLayerOf<Identity> {
 public:
  explicit Identity(IdentityOptions options = {});
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static Identity from_config(const Config& config);

 private:
  IdentityOptions options_;
};

}  // namespace hornbeam::layers
