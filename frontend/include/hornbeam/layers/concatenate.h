// Concatenate.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

struct ConcatenateOptions {
  int64_t axis = -1;
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// A list of tensors one after the other along an axis; all other axes must be equal (ValueError).
class Concatenate : public LayerOf<Concatenate> {
 public:
  explicit Concatenate(ConcatenateOptions options = {});
  void check_input(const Shapes& inputs) const override;
  Tensors call(const Tensors& inputs, const CallArgs&) override;
  Config config() const override;
  static Concatenate from_config(const Config& config);

 private:
  ConcatenateOptions options_;
};

// The layer called at once.
inline Tensor concatenate(const Tensors& inputs, ConcatenateOptions options = {}) {
  return Concatenate(std::move(options))(inputs);
}

}  // namespace hornbeam::layers
