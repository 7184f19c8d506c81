// CosineSimilarity.
#pragma once

#include <hornbeam/loss.h>

namespace hornbeam::losses {

// One value a row: the loss without its reduction. Minus the cosine of the angle between the two vectors along `axis`,
// so that less is better; 0 where one of them is 0.
Tensor cosine_similarity(const Tensor& y_true, const Tensor& y_pred, int64_t axis = -1);

struct CosineSimilarityOptions {
  int64_t axis = -1;  // of the vectors
  std::string reduction = "sum_over_batch_size";
  std::string name = "cosine_similarity";
  DTypePolicy dtype = {};
};

// -sum(unit(y_true) unit(y_pred)) over `axis`, unit(x) = x / |x|: -1 for vectors in the same direction, 1 for opposite
// ones.
//   y_true, y_pred [..., d]  →  [...]
class CosineSimilarity : public Loss {
 public:
  explicit CosineSimilarity(CosineSimilarityOptions options = {});
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  Config config() const override;
  static CosineSimilarity from_config(const Config& config);

 private:
  CosineSimilarityOptions options_;
};

}  // namespace hornbeam::losses
