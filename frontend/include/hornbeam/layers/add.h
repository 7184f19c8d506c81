// Add.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

struct AddOptions {
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// The sum of a list of tensors, which broadcast together; those of lower rank get axes of 1 after the batch.
class Add : public LayerOf<Add> {
 public:
  explicit Add(AddOptions options = {});
  void check_input(const Shapes& inputs) const override;
  Tensors call(const Tensors& inputs, const CallArgs&) override;
  static Add from_config(const Config& config);
};

}  // namespace hornbeam::layers
