// Circle.
#pragma once

#include <hornbeam/loss.h>

namespace hornbeam::losses {

// One value a sample: the loss without its reduction. `ref_labels` and `ref_embeddings` are what each sample is
// compared with; not given: the batch itself. remove_diagonal leaves out the pairs of equal index.
Tensor circle(const Tensor& y_true, const Tensor& y_pred, const Tensor& ref_labels = {},
              const Tensor& ref_embeddings = {}, bool remove_diagonal = true, double gamma = 80.0, double margin = 0.4);

struct CircleOptions {
  double gamma = 80.0;          // how steep the loss is
  double margin = 0.4;          // how far the classes are to be apart
  bool remove_diagonal = true;  // a sample is no pair with itself
  std::string reduction = "sum_over_batch_size";
  std::string name = "circle";
  DTypePolicy dtype = {};
};

// Sun et al., "Circle loss: a unified perspective of pair similarity optimization", 2020. Each sample is pulled towards
// those of its own class and pushed from the others:
//   softplus(logsumexp_p(-gamma (m + d_p) (m - d_p)) + logsumexp_n(gamma (1 + m - d_n) (1 - m - d_n)))
// with d = 1 - cosine of the pair and m = margin; a sample without both kinds of pairs counts nothing.
//   y_true [N] or [N, 1] (integer classes), y_pred [N, d] (embeddings of norm 1)  →  [N]
class Circle : public Loss {
 public:
  explicit Circle(CircleOptions options = {});
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  Tensor valid(const Tensor& y_true, const Tensor& y_pred) const override;
  Config config() const override;
  static Circle from_config(const Config& config);

 private:
  CircleOptions options_;
};

}  // namespace hornbeam::losses
