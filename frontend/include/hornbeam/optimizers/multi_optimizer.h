// MultiOptimizer: several optimizers, each for some of a model's variables.
#pragma once

#include <hornbeam/optimizer.h>

#include <string>
#include <utility>
#include <vector>

namespace hornbeam::optimizers {

// Which optimizer a variable is for: that of the regular expression that matches its whole path ("dense_1/.*"), or the
// default one.
class OptimizerMap {
 public:
  OptimizerMap() = default;
  // Throws ValueError for a key that occurs twice or is no regular expression, and for LossScaleOptimizer or
  // MultiOptimizer inside.
  explicit OptimizerMap(hornbeam::Optimizer default_optimizer,
                        std::vector<std::pair<std::string, hornbeam::Optimizer>> optimizer_map = {});
  void set(const std::string& key, hornbeam::Optimizer optimizer);
  // Throws ValueError if several keys match.
  const hornbeam::Optimizer& of(const Variable& variable) const;
  // Each optimizer once, the default one last.
  std::vector<hornbeam::Optimizer> all() const;
  const hornbeam::Optimizer& default_optimizer() const { return default_; }
  Config config() const;
  static OptimizerMap from_config(const Config& config);

 private:
  hornbeam::Optimizer default_;
  std::vector<std::pair<std::string, hornbeam::Optimizer>> map_;
};

struct MultiOptimizerOptions {
  OptimizerMap optimizer_map = {};
  std::optional<double> loss_scale_factor = {};
  std::string name = "multi_optimizer";
};

// Gives each variable's gradient to the optimizer that the map says. Rates are those of the optimizers inside.
class MultiOptimizer : public Optimizer {
 public:
  explicit MultiOptimizer(MultiOptimizerOptions options);
  explicit MultiOptimizer(OptimizerMap optimizer_map)
      : MultiOptimizer(MultiOptimizerOptions{.optimizer_map = std::move(optimizer_map)}) {}
  void exclude_from_weight_decay(const std::vector<std::string>& var_names) override;
  void exclude_variables_from_weight_decay(const std::vector<Variable>& var_list) override;
  void apply(const std::vector<Tensor>& gradients) const override;
  // Both throw ValueError: there is no one rate.
  double learning_rate() const override;
  void set_learning_rate(double value) override;
  void finalize_variable_values() const override;
  std::vector<hornbeam::Optimizer> optimizers() const { return options_.optimizer_map.all(); }
  Config config() const override;
  static MultiOptimizer from_config(const Config& config);

 protected:
  void build_slots(const std::vector<Variable>& trainable) override;
  void update_step(size_t, const Tensor&, const Variable&, const Tensor&) const override {}  // the inner ones'

 private:
  struct Part {
    hornbeam::Optimizer optimizer;
    std::vector<size_t> places;  // of its variables among all
  };
  MultiOptimizerOptions options_;
  std::shared_ptr<std::vector<Part>> parts_ = std::make_shared<std::vector<Part>>();
};

}  // namespace hornbeam::optimizers
