// Muon.
#include <hornbeam/ops.h>
#include <hornbeam/optimizers/muon.h>

#include <algorithm>
#include <cmath>
#include <regex>

#include "frontend/src/optimizers/options.h"

namespace hornbeam::optimizers {

static const Register<Muon> registered{"Muon", "keras.optimizers"};

Muon::Muon(MuonOptions options)
    : Optimizer("muon", options.learning_rate, common_options(options)), options_(std::move(options)) {
  for (const std::string& pattern : options_.exclude_layers) {
    try {
      std::regex checked(pattern);
    } catch (const std::regex_error&) {
      throw ValueError("[" + this->name() + "] `exclude_layers`: '" + pattern + "' is no regular expression");
    }
  }
}

void Muon::build_slots(const std::vector<Variable>& trainable) {
  for (const Variable& variable : trainable) {
    slots_->momentums.push_back(add_slot(variable, "momentum"));
    slots_->velocities.push_back(is_adam(variable) ? add_slot(variable, "velocity") : Variable());
  }
}

bool Muon::is_adam(const Variable& variable) const {
  if (variable.shape().rank() != 2) return true;
  std::string lower = variable.path();
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (options_.exclude_embeddings && lower.find("embedding") != std::string::npos) return true;
  for (const std::string& pattern : options_.exclude_layers)
    if (std::regex_search(variable.path(), std::regex(pattern))) return true;
  return false;
}

std::optional<double> Muon::weight_decay_of(const Variable& variable) const {
  return is_adam(variable) ? options_.adam_weight_decay : options_.weight_decay;
}

Tensor Muon::orthogonal(const Tensor& matrix) const {
  const bool tall = matrix.shape()[0] > matrix.shape()[1];
  Tensor x = tall ? ops::transpose(matrix) : matrix;
  x = x / (ops::sqrt(ops::sum(ops::square(x))) + 1e-7);  // no singular value above 1
  for (int64_t step = 0; step < options_.ns_steps; ++step) {
    Tensor a = ops::matmul(x, ops::transpose(x));
    Tensor b = a * options_.muon_b + ops::matmul(a * options_.muon_c, a);
    x = x * options_.muon_a + ops::matmul(b, x);
  }
  return tall ? ops::transpose(x) : x;
}

void Muon::update_step(size_t i, const Tensor& gradient, const Variable& variable, const Tensor& rate) const {
  const Variable& m = slots_->momentums.at(i);
  const Variable& v = slots_->velocities.at(i);
  if (!v) {
    m.assign_add(gradient + m * (options_.momentum - 1.0));
    Tensor step = rate * orthogonal(options_.nesterov ? gradient + m * options_.momentum : Tensor(m));
    const Shape& shape = variable.shape();
    if (options_.rms_rate)
      step = step * (std::sqrt(static_cast<double>(std::max(shape[0], shape[1]))) * *options_.rms_rate);
    return variable.assign_sub(step);
  }
  Tensor t = ops::cast(updates() + 1, variable.dtype());
  Tensor beta_1_power = ops::power(ops::full({}, options_.adam_beta_1, variable.dtype()), t);
  Tensor beta_2_power = ops::power(ops::full({}, options_.adam_beta_2, variable.dtype()), t);
  Tensor alpha = rate * options_.adam_lr_ratio * ops::sqrt(1.0 - beta_2_power) / (1.0 - beta_1_power);
  m.assign_add((gradient - m) * (1.0 - options_.adam_beta_1));
  v.assign_add((ops::square(gradient) - v) * (1.0 - options_.adam_beta_2));
  variable.assign_sub(m * alpha / (ops::sqrt(v) + options_.epsilon));
}

Config Muon::config() const {
  Config result = Optimizer::config();
  result["adam_beta_1"] = options_.adam_beta_1;
  result["adam_beta_2"] = options_.adam_beta_2;
  result["adam_weight_decay"] = options_.adam_weight_decay;
  result["epsilon"] = options_.epsilon;
  result["exclude_layers"] = options_.exclude_layers;
  result["exclude_embeddings"] = options_.exclude_embeddings;
  result["muon_a"] = options_.muon_a;
  result["muon_b"] = options_.muon_b;
  result["muon_c"] = options_.muon_c;
  result["adam_lr_ratio"] = options_.adam_lr_ratio;
  result["momentum"] = options_.momentum;
  result["ns_steps"] = options_.ns_steps;
  result["nesterov"] = options_.nesterov;
  result["rms_rate"] = options_.rms_rate;
  return result;
}

Muon Muon::from_config(const Config& config) {
  MuonOptions options;
  read_common(config, options);
  config.read("adam_beta_1", options.adam_beta_1);
  config.read("adam_beta_2", options.adam_beta_2);
  config.read("adam_weight_decay", options.adam_weight_decay);
  config.read("epsilon", options.epsilon);
  config.read("exclude_layers", options.exclude_layers);
  config.read("exclude_embeddings", options.exclude_embeddings);
  config.read("muon_a", options.muon_a);
  config.read("muon_b", options.muon_b);
  config.read("muon_c", options.muon_c);
  config.read("adam_lr_ratio", options.adam_lr_ratio);
  config.read("momentum", options.momentum);
  config.read("ns_steps", options.ns_steps);
  config.read("nesterov", options.nesterov);
  config.read("rms_rate", options.rms_rate);
  return Muon(std::move(options));
}

}  // namespace hornbeam::optimizers
