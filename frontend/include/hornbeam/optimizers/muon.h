// Muon.
#pragma once

#include <hornbeam/optimizer.h>

namespace hornbeam::optimizers {

struct MuonOptions {
  LearningRate learning_rate = 0.001;
  double adam_beta_1 = 0.9;                         // decay of the first moment, of variables that Adam updates
  double adam_beta_2 = 0.999;                       // decay of the second
  std::optional<double> adam_weight_decay = 0.004;  // of variables that Adam updates
  double epsilon = 1e-7;
  std::optional<double> weight_decay = 0.004;  // decoupled: w -= rate * weight_decay * w
  std::optional<double> clipnorm = {};         // the most a gradient's norm may be
  std::optional<double> clipvalue = {};        // the most a gradient's element may be
  std::optional<double> global_clipnorm = {};  // the most the norm of all gradients together may be
  bool use_ema = false;                        // keep moving averages of the variables
  double ema_momentum = 0.99;
  std::optional<int64_t> ema_overwrite_frequency = {};  // every so many updates the averages replace the variables
  std::optional<double> loss_scale_factor = {};
  std::optional<int64_t> gradient_accumulation_steps = {};  // update at every n-th call, by the mean gradient
  std::string name = "muon";
  std::vector<std::string> exclude_layers = {};  // regular expressions for paths of variables
  bool exclude_embeddings = true;                // whose path has "embedding" in it
  double muon_a = 3.4445;                        // the iteration's coefficients
  double muon_b = -4.7750;
  double muon_c = 2.0315;
  double adam_lr_ratio = 1.0;  // Adam's rate relative to the matrices'
  double momentum = 0.95;
  int64_t ns_steps = 5;  // Newton-Schulz iterations
  bool nesterov = true;
  std::optional<double> rms_rate = 0.2;  // none: steps of orthogonal matrices as they are
};

// Jordan et al., "Muon: an optimizer for hidden layers in neural networks", 2024: matrices move by their momentum made
// orthogonal by a few Newton-Schulz iterations; every other variable, embeddings and what exclude_layers names are
// updated as in Adam.
//   m = momentum m + g,  w -= rate NS(g + momentum m) sqrt(max(rows, columns)) rms_rate
// Throws ValueError if exclude_layers holds no regular expression.
class Muon : public Optimizer {
 public:
  explicit Muon(MuonOptions options = {});
  Config config() const override;
  static Muon from_config(const Config& config);

 protected:
  void build_slots(const std::vector<Variable>& trainable) override;
  void update_step(size_t i, const Tensor& gradient, const Variable& variable, const Tensor& rate) const override;
  std::optional<double> weight_decay_of(const Variable& variable) const override;

 private:
  struct Slots {
    std::vector<Variable> momentums, velocities;  // only what Adam updates has a velocity
  };
  bool is_adam(const Variable& variable) const;
  Tensor orthogonal(const Tensor& matrix) const;  // by Newton-Schulz, nearly

  MuonOptions options_;
  std::shared_ptr<Slots> slots_ = std::make_shared<Slots>();
};

}  // namespace hornbeam::optimizers
