// OrthogonalRegularizer.
#pragma once

#include <hornbeam/regularizer.h>

namespace hornbeam::regularizers {

struct OrthogonalRegularizerOptions {
  double factor = 0.01;
  std::string mode = "rows";  // which vectors to make orthogonal: "rows" or "columns"
};

// factor times the mean |cosine| between two different rows (columns) of a matrix, so that they become orthogonal.
// Throws ValueError for a negative factor, an unknown mode, or an x that is no matrix.
class OrthogonalRegularizer : public Regularizer {
 public:
  explicit OrthogonalRegularizer(OrthogonalRegularizerOptions options = {});
  Tensor call(const Tensor& x) const override;
  Config config() const override;
  static OrthogonalRegularizer from_config(const Config& config);

 private:
  OrthogonalRegularizerOptions options_;
};

}  // namespace hornbeam::regularizers
