// What every optimizer does around its update: variables, accumulation, clipping, weight decay, moving averages,
// constraints, in Keras' order. All of apply is ops, so it is compiled into the train step.
#include <hornbeam/ops.h>
#include <hornbeam/optimizer.h>

#include <regex>

#include "frontend/src/eager.h"
#include "frontend/src/trace/pause.h"
#include "frontend/src/optimizers/conditional.h"
#include "frontend/src/trace/source.h"

namespace hornbeam::optimizers {

struct Optimizer::State {
  std::string name;
  LearningRate learning_rate;
  OptimizerOptions options;
  bool built = false;
  std::vector<Variable> variables;
  std::vector<Variable> trainable;
  Variable iteration;  // counts calls of apply
  Variable rate;       // not valid under a schedule
  std::vector<Variable> averages;
  std::vector<Variable> accumulators;
  std::vector<std::string> undecayed;  // regular expressions
  std::vector<Variable> undecayed_variables;
};

namespace {

[[noreturn]] void reject(const std::string& name, const std::string& what) {
  throw ValueError("[" + name + "] " + what);
}

// Scales a gradient so that its norm is at most `limit`; a zero gradient stays zero.
Tensor clip_by_norm(const Tensor& gradient, double limit) {
  Tensor squares = ops::sum(ops::square(gradient));
  Tensor positive = ops::greater(squares, 0.0);
  Tensor norm = ops::where(positive, ops::sqrt(ops::where(positive, squares, 1.0)), squares);
  return gradient * limit / ops::maximum(norm, limit);
}

// Scales all gradients so that the norm of them together is at most `limit`. An infinite norm makes them NaN, as in
// Keras, so that the damage is seen.
std::vector<Tensor> clip_by_global_norm(std::vector<Tensor> gradients, double limit) {
  Tensor squares;
  for (const Tensor& gradient : gradients) {
    Tensor own = ops::sum(ops::square(gradient));
    squares = squares ? squares + own : own;
  }
  Tensor norm = ops::sqrt(squares);
  Tensor scale = limit * ops::minimum(1.0 / norm, 1.0 / limit) + (norm - norm);
  for (Tensor& gradient : gradients) gradient = gradient * scale;
  return gradients;
}

std::vector<Tensor> clip(std::vector<Tensor> gradients, const OptimizerOptions& options) {
  if (options.clipnorm.value_or(0) > 0)
    for (Tensor& gradient : gradients) gradient = clip_by_norm(gradient, *options.clipnorm);
  else if (options.global_clipnorm.value_or(0) > 0)
    return clip_by_global_norm(std::move(gradients), *options.global_clipnorm);
  else if (options.clipvalue.value_or(0) > 0)
    for (Tensor& gradient : gradients) gradient = ops::clip(gradient, -*options.clipvalue, *options.clipvalue);
  return gradients;
}

}  // namespace

Optimizer::Optimizer(std::string name, LearningRate learning_rate, OptimizerOptions options)
    : state_(std::make_shared<State>()) {
  state_->name = options.name.empty() ? std::move(name) : options.name;
  state_->learning_rate = std::move(learning_rate);
  state_->options = std::move(options);
  const OptimizerOptions& o = state_->options;
  if (!state_->learning_rate.schedule() && !(state_->learning_rate.value() >= 0))
    reject(state_->name, "`learning_rate` must not be negative. Received: learning_rate=" +
                             std::to_string(state_->learning_rate.value()));
  if (o.gradient_accumulation_steps && *o.gradient_accumulation_steps < 2)
    reject(state_->name,
           "`gradient_accumulation_steps` must be an integer >= 2. Received: gradient_accumulation_steps=" +
               std::to_string(*o.gradient_accumulation_steps));
  if (o.use_ema && !(o.ema_momentum >= 0 && o.ema_momentum <= 1))
    reject(state_->name,
           "`ema_momentum` must be in the range [0, 1]. Received: ema_momentum=" + std::to_string(o.ema_momentum));
  if (o.use_ema && o.ema_overwrite_frequency && *o.ema_overwrite_frequency < 1)
    reject(state_->name, "`ema_overwrite_frequency` must be an integer >= 1. Received: ema_overwrite_frequency=" +
                             std::to_string(*o.ema_overwrite_frequency));
  if (o.clipnorm.has_value() + o.clipvalue.has_value() + o.global_clipnorm.has_value() > 1)
    reject(state_->name, "Only one of `clipnorm`, `clipvalue` and `global_clipnorm` can be set");
  for (auto [option, value] :
       {std::pair("clipnorm", o.clipnorm), std::pair("clipvalue", o.clipvalue),
        std::pair("global_clipnorm", o.global_clipnorm), std::pair("weight_decay", o.weight_decay)})
    if (value && !(*value >= 0))
      reject(state_->name,
             "`" + std::string(option) + "` must not be negative. Received: " + option + "=" + std::to_string(*value));
}

bool Optimizer::built() const { return state_->built; }
const std::vector<Variable>& Optimizer::variables() const { return state_->variables; }
const std::vector<Variable>& Optimizer::trainable_variables() const { return state_->trainable; }
const Variable& Optimizer::iterations() const { return state_->iteration; }
const std::string& Optimizer::name() const { return state_->name; }
const OptimizerOptions& Optimizer::options() const { return state_->options; }

Variable Optimizer::add_variable(const std::string& name, const Shape& shape, DType dtype, Initializer initializer) {
  NameScope scope(state_->name);
  Variable variable({.name = name, .shape = shape, .dtype = dtype, .initializer = initializer, .trainable = false});
  state_->variables.push_back(variable);
  return variable;
}

Variable Optimizer::add_slot(const Variable& reference, const std::string& name, Initializer initializer) {
  std::string path = reference.path();
  for (char& c : path)
    if (c == '/') c = '_';
  return add_variable(path + "_" + name, reference.shape(), reference.dtype(), std::move(initializer));
}

void Optimizer::adopt_variables(const Optimizer& inner) {
  state_->variables.insert(state_->variables.end(), inner.variables().begin(), inner.variables().end());
}

void Optimizer::build(const std::vector<Variable>& trainable) {
  if (state_->built) {
    bool same_ones = trainable.size() == state_->trainable.size();
    for (size_t i = 0; same_ones && i < trainable.size(); ++i) same_ones = same(trainable[i], state_->trainable[i]);
    if (!same_ones)
      reject(state_->name,
             "This optimizer was built for other variables. Use a new optimizer for a new set of variables");
    return;
  }
  state_->iteration = add_variable("iteration", {}, DType::int32);
  if (!state_->learning_rate.schedule()) {
    state_->rate = add_variable("learning_rate", {}, DType::float32);
    state_->rate.assign(Array::scalar(static_cast<float>(state_->learning_rate.value())));
  }
  if (state_->options.use_ema)
    for (const Variable& variable : trainable) state_->averages.push_back(add_slot(variable, "average"));
  if (state_->options.gradient_accumulation_steps)
    for (const Variable& variable : trainable)
      state_->accumulators.push_back(add_slot(variable, "gradient_accumulator"));
  build_slots(trainable);
  state_->trainable = trainable;
  state_->built = true;
}

void Optimizer::exclude_from_weight_decay(const std::vector<std::string>& var_names) {
  if (state_->built)
    reject(state_->name, "`exclude_from_weight_decay()` can only be called before the optimizer is built");
  for (const std::string& name : var_names) {
    try {
      std::regex pattern(name);
    } catch (const std::regex_error&) {
      reject(state_->name, "`exclude_from_weight_decay()`: '" + name + "' is no regular expression");
    }
  }
  state_->undecayed = var_names;
}

void Optimizer::exclude_variables_from_weight_decay(const std::vector<Variable>& var_list) {
  if (state_->built)
    reject(state_->name, "`exclude_variables_from_weight_decay()` can only be called before the optimizer is built");
  state_->undecayed_variables = var_list;
}

Tensor Optimizer::scale_loss(const Tensor& loss) const {
  return state_->options.loss_scale_factor ? loss * *state_->options.loss_scale_factor : loss;
}

Tensor Optimizer::updates() const {
  Tensor calls = state_->iteration;
  if (!state_->options.gradient_accumulation_steps) return calls;
  return ops::floor_divide(calls, *state_->options.gradient_accumulation_steps);
}

void Optimizer::update(std::vector<Tensor> gradients) const {
  const OptimizerOptions& o = state_->options;
  Tensor rate = state_->rate ? Tensor(state_->rate) : state_->learning_rate.schedule()->call(state_->iteration);
  gradients = clip(std::move(gradients), o);
  for (const Variable& variable : state_->trainable) {
    std::optional<double> decay = weight_decay_of(variable);
    for (const std::string& name : state_->undecayed)
      if (std::regex_search(variable.name(), std::regex(name))) decay.reset();
    for (const Variable& other : state_->undecayed_variables)
      if (same(other, variable)) decay.reset();
    if (!decay) continue;
    Tensor w = variable;
    variable.assign(w - w * *decay * ops::cast(rate, variable.dtype()));
  }
  for (size_t i = 0; i < gradients.size(); ++i) {
    const Variable& variable = state_->trainable[i];
    update_step(i, ops::cast(gradients[i], variable.dtype()), variable, ops::cast(rate, variable.dtype()));
  }
}

void Optimizer::accumulate(std::vector<Tensor> gradients) const {
  const int64_t steps = *state_->options.gradient_accumulation_steps;
  Tensor due = ops::equal(ops::mod(Tensor(state_->iteration) + 1, steps), 0);
  std::vector<Tensor> sums = values_of(state_->accumulators);
  for (size_t i = 0; i < gradients.size(); ++i) sums[i] = gradients[i] + sums[i];
  for (size_t i = 0; i < gradients.size(); ++i) gradients[i] = sums[i] / static_cast<double>(steps);

  std::vector<Variable> changing = state_->trainable;
  changing.insert(changing.end(), state_->variables.begin(), state_->variables.end());
  assign_where(due, changing, [&] { update(std::move(gradients)); });
  for (size_t i = 0; i < sums.size(); ++i)
    state_->accumulators[i].assign(ops::where(due, ops::zeros_like(sums[i]), sums[i]));
}

void Optimizer::apply(const std::vector<Tensor>& gradients) const {
  trace::SourceScope source(trace::kOptimizerSource);
  const OptimizerOptions& o = state_->options;
  if (!state_->built) reject(state_->name, "apply() was called before build()");
  if (gradients.size() != state_->trainable.size())
    reject(state_->name, "Expected " + std::to_string(state_->trainable.size()) +
                             " gradients, one a variable. Received: " + std::to_string(gradients.size()));
  if (gradients.empty()) return state_->iteration.assign_add(1);
  std::vector<Tensor> unscaled = gradients;
  if (o.loss_scale_factor)
    for (Tensor& gradient : unscaled) gradient = gradient / *o.loss_scale_factor;
  if (o.gradient_accumulation_steps)
    accumulate(std::move(unscaled));
  else
    update(std::move(unscaled));

  if (o.use_ema) {
    Tensor later = ops::cast(ops::not_equal(updates(), 0), DType::float32);
    for (size_t i = 0; i < state_->trainable.size(); ++i) {
      const Variable& variable = state_->trainable[i];
      // The first average is the variable itself: its momentum is 0.
      Tensor momentum = ops::cast(later, variable.dtype()) * o.ema_momentum;
      state_->averages[i].assign(momentum * state_->averages[i] + (1.0 - momentum) * variable);
      if (!o.ema_overwrite_frequency) continue;
      Tensor due = ops::equal(ops::mod(updates() + 1, *o.ema_overwrite_frequency), 0);
      variable.assign(ops::where(due, state_->averages[i], variable));
    }
  }
  for (const Variable& variable : state_->trainable)
    if (variable.constraint()) variable.assign(variable.constraint()->call(variable));
  state_->iteration.assign_add(1);
}

void Optimizer::apply_gradients(const std::vector<Tensor>& gradients, const std::vector<Variable>& variables) const {
  {
    // The variables' first values are the host's, whatever is being traced. What is built is behind the shared pointer,
    // the same for all copies.
    trace::Pause pause;
    const_cast<Optimizer*>(this)->build(variables);
  }
  apply(gradients);
}

void Optimizer::finalize_variable_values() const {
  for (size_t i = 0; i < state_->averages.size(); ++i) state_->trainable[i].assign(state_->averages[i].value());
}

double Optimizer::learning_rate() const {
  if (const Schedule& schedule = state_->learning_rate.schedule()) {
    Tensor calls = state_->built ? state_->iteration.value() : Array::scalar<int32_t>(0);
    // In one program, not op by op.
    auto rate = [&](const std::vector<Tensor>& xs) { return std::vector<Tensor>{schedule->call(xs[0])}; };
    return run_eagerly({calls}, rate).at(0).array().get(0);
  }
  return state_->built ? state_->rate.value().get(0) : state_->learning_rate.value();
}

void Optimizer::set_learning_rate(double value) {
  if (state_->learning_rate.schedule())
    reject(state_->name,
           "This optimizer was made with a learning-rate schedule, so its rate cannot be set. Make it with a "
           "number to set it later");
  state_->learning_rate = LearningRate(value);
  if (state_->built) state_->rate.assign(Array::scalar(static_cast<float>(value)));
}

Config Optimizer::config() const {
  const OptimizerOptions& o = state_->options;
  Config rate = state_->learning_rate.schedule() ? state_->learning_rate.config()
                                                 : Config(static_cast<double>(static_cast<float>(learning_rate())));
  return Config::object({{"name", state_->name},
                         {"learning_rate", rate},
                         {"weight_decay", o.weight_decay},
                         {"clipnorm", o.clipnorm},
                         {"global_clipnorm", o.global_clipnorm},
                         {"clipvalue", o.clipvalue},
                         {"use_ema", o.use_ema},
                         {"ema_momentum", o.ema_momentum},
                         {"ema_overwrite_frequency", o.ema_overwrite_frequency},
                         {"loss_scale_factor", o.loss_scale_factor},
                         {"gradient_accumulation_steps", o.gradient_accumulation_steps}});
}

}  // namespace hornbeam::optimizers
