// Normalization.
#pragma once

#include <hornbeam/layer.h>
#include <hornbeam/layers/adaptable.h>
#include <hornbeam/layers/sizes.h>
#include <hornbeam/ops/axes.h>

namespace hornbeam::layers {

struct NormalizationOptions {
  Axes axis = -1;                    // the features, which have a mean each; nullopt: one mean of everything
  std::optional<Numbers> mean = {};  // if given, nothing is learned; with variance only
  std::optional<Numbers> variance = {};
  bool invert = false;  // undoes the normalization instead
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// (x - mean) / sqrt(variance), per feature; with invert x * sqrt(variance) + mean. mean and variance are given, or
// those of the data that adapt() saw (0 and 1 before). Throws ValueError if only one of them is given, for an axis that
// is not there or, when it is built, unknown, and for data of another shape.
class Normalization : public UnaryLayerOf<Normalization>, public Adaptable {
 public:
  explicit Normalization(NormalizationOptions options = {});
  void check_input(const Shape& input) const override;
  void build(const Shape& input) override;
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static Normalization from_config(const Config& config);

  // Keeps mean and biased variance of data [samples, …] with the features where the inputs have them.
  void adapt(const Array& data) override;

 private:
  NormalizationOptions options_;
  // The features' axes, counted from the front.
  Axes kept(int64_t rank) const;

  Variable mean_, variance_;  // unless they are given
};

}  // namespace hornbeam::layers
