// Discretization.
#pragma once

#include <hornbeam/layer.h>
#include <hornbeam/layers/adaptable.h>

namespace hornbeam::layers {

struct DiscretizationOptions {
  std::optional<std::vector<double>> bin_boundaries = {};  // in ascending order; or
  std::optional<int64_t> num_bins = {};                    // how many bins adapt() makes
  double epsilon = 0.01;                                   // how closely adapt() follows the data's quantiles
  std::string output_mode = "int";  // or "one_hot", "multi_hot", "count"
  bool sparse = false;              // not available
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// The number of the bin of each element: i for boundaries[i - 1] <= x < boundaries[i], int32, or encoded over all bins.
//   x [batch, …, n]  →  "int" [batch, …, n], "one_hot" [batch, …, n, bins], "multi_hot" and "count" [batch, …, bins]
// The boundaries are given, or the quantiles of the data that adapt() saw. Throws ValueError if neither or, by the
// user, both are given, for a mode that is not known, and if it is called before it has boundaries.
class Discretization : public UnaryLayerOf<Discretization>, public Adaptable {
 public:
  explicit Discretization(DiscretizationOptions options);
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static Discretization from_config(const Config& config);

  // Takes num_bins - 1 boundaries that cut the data into bins of about equal numbers.
  void adapt(const Array& data) override;
  const std::optional<std::vector<double>>& bin_boundaries() const { return *boundaries_; }

 private:
  DiscretizationOptions options_;
  std::shared_ptr<std::optional<std::vector<double>>> boundaries_ =
      std::make_shared<std::optional<std::vector<double>>>();  // one for all copies
};

}  // namespace hornbeam::layers
