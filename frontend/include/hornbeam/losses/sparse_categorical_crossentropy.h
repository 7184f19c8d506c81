// SparseCategoricalCrossentropy.
#pragma once

#include <hornbeam/loss.h>

namespace hornbeam::losses {

// One value a row: the loss without its reduction. Rows whose label is ignore_class give 0.
Tensor sparse_categorical_crossentropy(const Tensor& y_true, const Tensor& y_pred, bool from_logits = false,
                                       std::optional<int64_t> ignore_class = {}, int64_t axis = -1);

struct SparseCategoricalCrossentropyOptions {
  bool from_logits = false;                  // y_pred are logits, not probabilities
  std::optional<int64_t> ignore_class = {};  // samples of this class count nothing (a "void" class)
  std::string reduction = "sum_over_batch_size";
  int64_t axis = -1;  // of the classes
  std::string name = "sparse_categorical_crossentropy";
  DTypePolicy dtype = {};
};

// -log p[y] over the classes' axis, for integer classes y: what CategoricalCrossentropy is for one-hot ones.
//   y_true [...] or [..., 1], y_pred [..., classes]  →  [...]
class SparseCategoricalCrossentropy : public Loss {
 public:
  explicit SparseCategoricalCrossentropy(SparseCategoricalCrossentropyOptions options = {});
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  Tensor valid(const Tensor& y_true, const Tensor& y_pred) const override;
  Config config() const override;
  static SparseCategoricalCrossentropy from_config(const Config& config);

 private:
  SparseCategoricalCrossentropyOptions options_;
};

}  // namespace hornbeam::losses
