// MultiOptimizer and its map.
#include <hornbeam/optimizers/loss_scale_optimizer.h>
#include <hornbeam/optimizers/multi_optimizer.h>

#include <algorithm>
#include <regex>

namespace hornbeam::optimizers {

static const Register<MultiOptimizer> registered{"MultiOptimizer", "keras.optimizers"};

namespace {

void check_inner(const hornbeam::Optimizer& optimizer) {
  if (!optimizer) throw ValueError("[OptimizerMap] An optimizer is needed. Received: none");
  if (dynamic_cast<const LossScaleOptimizer*>(&*optimizer))
    throw ValueError("[OptimizerMap] optimizer cannot be LossScaleOptimizer. Put one around the MultiOptimizer");
  if (dynamic_cast<const MultiOptimizer*>(&*optimizer))
    throw ValueError("[OptimizerMap] optimizer cannot be MultiOptimizer");
}

}  // namespace

OptimizerMap::OptimizerMap(hornbeam::Optimizer default_optimizer,
                           std::vector<std::pair<std::string, hornbeam::Optimizer>> optimizer_map)
    : default_(std::move(default_optimizer)) {
  check_inner(default_);
  for (auto& [key, optimizer] : optimizer_map) set(key, optimizer);
}

void OptimizerMap::set(const std::string& key, hornbeam::Optimizer optimizer) {
  check_inner(optimizer);
  for (const auto& entry : map_)
    if (entry.first == key)
      throw ValueError("[OptimizerMap] '" + key + "' already exists in the OptimizerMap. Use each key once");
  try {
    std::regex pattern(key);
  } catch (const std::regex_error&) {
    throw ValueError("[OptimizerMap] '" + key + "' is no regular expression");
  }
  map_.emplace_back(key, std::move(optimizer));
}

const hornbeam::Optimizer& OptimizerMap::of(const Variable& variable) const {
  const hornbeam::Optimizer* found = nullptr;
  for (const auto& [key, optimizer] : map_) {
    if (key == variable.path()) return optimizer;
    if (!std::regex_match(variable.path(), std::regex(key))) continue;
    if (found) throw ValueError("[OptimizerMap] Multiple optimizers assigned to variable " + variable.path());
    found = &optimizer;
  }
  return found ? *found : default_;
}

std::vector<hornbeam::Optimizer> OptimizerMap::all() const {
  std::vector<hornbeam::Optimizer> each;
  auto add = [&](const hornbeam::Optimizer& optimizer) {
    for (const hornbeam::Optimizer& other : each)
      if (other.object() == optimizer.object()) return;
    each.push_back(optimizer);
  };
  for (const auto& entry : map_) add(entry.second);
  if (default_) add(default_);
  return each;
}

Config OptimizerMap::config() const {
  Config map = Config::object();
  for (const auto& [key, optimizer] : map_) map[key] = optimizer;
  return Config::object({{"module", "keras.optimizers"},
                         {"class_name", "OptimizerMap"},
                         {"config", Config::object({{"default_optimizer", default_}, {"optimizer_map", map}})},
                         {"registered_name", nullptr}});
}

OptimizerMap OptimizerMap::from_config(const Config& config) {
  const Config& inner = config.at("config");
  OptimizerMap map{hornbeam::Optimizer(inner.at("default_optimizer"))};
  for (const auto& [key, optimizer] : inner.at("optimizer_map").as_object())
    map.set(key, hornbeam::Optimizer(optimizer));
  return map;
}

MultiOptimizer::MultiOptimizer(MultiOptimizerOptions options)
    : Optimizer("multi_optimizer", 0.0, {.loss_scale_factor = options.loss_scale_factor, .name = options.name}),
      options_(std::move(options)) {
  if (!options_.optimizer_map.default_optimizer())
    throw ValueError("[" + this->name() + "] `optimizer_map` needs a default optimizer. Received: none");
}

void MultiOptimizer::build_slots(const std::vector<Variable>& trainable) {
  for (const hornbeam::Optimizer& optimizer : options_.optimizer_map.all()) parts_->push_back({optimizer, {}});
  for (size_t i = 0; i < trainable.size(); ++i) {
    const hornbeam::Optimizer& own = options_.optimizer_map.of(trainable[i]);
    for (Part& part : *parts_)
      if (part.optimizer.object() == own.object()) part.places.push_back(i);
  }
  for (Part& part : *parts_) {
    if (part.places.empty()) continue;
    std::vector<Variable> own;
    for (size_t place : part.places) own.push_back(trainable[place]);
    part.optimizer->build(own);
    adopt_variables(*part.optimizer);
  }
}

void MultiOptimizer::apply(const std::vector<Tensor>& gradients) const {
  if (!built()) throw ValueError("[" + name() + "] apply() was called before build()");
  if (gradients.size() != trainable_variables().size())
    throw ValueError("[" + name() + "] Expected " + std::to_string(trainable_variables().size()) +
                     " gradients, one a variable. Received: " + std::to_string(gradients.size()));
  for (const Part& part : *parts_) {
    std::vector<Tensor> own;
    for (size_t place : part.places)
      own.push_back(options_.loss_scale_factor ? gradients[place] / *options_.loss_scale_factor : gradients[place]);
    if (!own.empty()) part.optimizer->apply(own);
  }
  iterations().assign_add(1);
}

void MultiOptimizer::exclude_from_weight_decay(const std::vector<std::string>& var_names) {
  for (const hornbeam::Optimizer& optimizer : optimizers()) optimizer->exclude_from_weight_decay(var_names);
}

void MultiOptimizer::exclude_variables_from_weight_decay(const std::vector<Variable>& var_list) {
  for (const hornbeam::Optimizer& optimizer : optimizers()) optimizer->exclude_variables_from_weight_decay(var_list);
}

double MultiOptimizer::learning_rate() const {
  throw ValueError("[" + name() +
                   "] Learning rate cannot be accessed on a MultiOptimizer. Access the learning rate on the individual "
                   "sub-optimizers instead.");
}

void MultiOptimizer::set_learning_rate(double) {
  throw ValueError("[" + name() +
                   "] Learning rate cannot be set on a MultiOptimizer. Set the learning rate on the individual "
                   "sub-optimizers instead.");
}

void MultiOptimizer::finalize_variable_values() const {
  for (const Part& part : *parts_)
    if (!part.places.empty()) part.optimizer->finalize_variable_values();
}

Config MultiOptimizer::config() const {
  return Config::object(
      {{"optimizer_map", options_.optimizer_map}, {"loss_scale_factor", options_.loss_scale_factor}, {"name", name()}});
}

MultiOptimizer MultiOptimizer::from_config(const Config& config) {
  MultiOptimizerOptions options;
  config.read("optimizer_map", options.optimizer_map);
  config.read("loss_scale_factor", options.loss_scale_factor);
  config.read("name", options.name);
  return MultiOptimizer(std::move(options));
}

}  // namespace hornbeam::optimizers
