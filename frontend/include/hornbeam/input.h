// Input: a symbolic tensor that starts a layer graph.
#pragma once

#include <optional>
#include <string>

#include <hornbeam/base/dtype.h>
#include <hornbeam/base/shape.h>
#include <hornbeam/layer.h>
#include <hornbeam/tensor.h>

namespace hornbeam {

struct InputOptions {
  Shape shape = {};                            // without the batch axis; kUnknown for an unknown axis
  std::optional<int64_t> batch_size = {};
  DType dtype = DType::float32;
  std::optional<std::string> name = {};        // "input_layer" with a number if not given
};

Tensor Input(InputOptions options);
inline Tensor Input(Shape shape, DType dtype = DType::float32) { return Input(InputOptions{.shape = std::move(shape), .dtype = dtype}); }

namespace layers {

// The layer behind an Input tensor; gives its input back.
class InputLayer : public UnaryLayerOf<InputLayer> {
 public:
  explicit InputLayer(InputOptions options);
  Tensor call(const Tensor& x, const CallArgs&) override { return x; }
  Config config() const override;
  static InputLayer from_config(const Config& config);
  Shape batch_shape() const;
  DType dtype() const { return options_.dtype; }

 private:
  InputOptions options_;
};

}  // namespace layers
}  // namespace hornbeam
