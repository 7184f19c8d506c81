#include "frontend/src/layers/cell_support.h"

namespace hornbeam::layers {
namespace {

class UnitForgetBias : public initializers::Initializer {
 public:
  explicit UnitForgetBias(hornbeam::Initializer others) : others_(std::move(others)) {}
  Array call(const Shape& shape, DType dtype) const override {
    Array bias = others_->call(shape, dtype).clone();
    int64_t units = shape[-1] / 4;
    for (int64_t i = units; i < 2 * units; ++i) bias.set(i, 1);
    return bias;
  }

 private:
  hornbeam::Initializer others_;
};

}  // namespace

Initializer with_unit_forget_bias(const Initializer& bias) {
  return Initializer(UnitForgetBias(bias ? bias : Initializer("zeros")));
}

std::vector<Tensor> dropout_masks(size_t count, const Shape& shape, DType dtype, double rate,
                                  const random::SeedGenerator& seed, bool training) {
  std::vector<Tensor> masks;
  if (!training || rate <= 0 || rate >= 1) return masks;
  for (size_t i = 0; i < count; ++i) {
    Tensor draws = random::uniform(shape, seed.next());
    masks.push_back(ops::cast(ops::where(ops::greater_equal(draws, rate), 1 / (1 - rate), 0.0), dtype));
  }
  return masks;
}

Tensor masked_product(const Tensor& x, const Tensor& kernel, const std::vector<Tensor>& masks) {
  if (masks.size() <= 1) return ops::matmul(masks.empty() ? x : x * masks[0], kernel);
  int64_t units = kernel.shape()[-1] / static_cast<int64_t>(masks.size());
  std::vector<Tensor> parts;
  for (size_t i = 0; i < masks.size(); ++i) {
    int64_t first = static_cast<int64_t>(i) * units;
    parts.push_back(ops::matmul(x * masks[i], columns(kernel, first, first + units)));
  }
  return ops::concatenate(parts, -1);
}

}  // namespace hornbeam::layers
