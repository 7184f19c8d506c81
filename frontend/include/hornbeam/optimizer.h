// Optimizers and learning-rate schedules, written in ops: a train step calls apply inside its trace.
// (Source of the base: src/optimizers/optimizer.cc.)
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <hornbeam/registry.h>
#include <hornbeam/tensor.h>
#include <hornbeam/variable.h>

namespace hornbeam {
namespace schedules {

class LearningRateSchedule {
 public:
  using Base = LearningRateSchedule;
  static constexpr Kind kKind = Kind::schedule;
  virtual ~LearningRateSchedule() = default;
  virtual Tensor call(const Tensor& step) const = 0;  // step: integer scalar → float32 scalar
  virtual Config config() const { return Config::object(); }
};

}  // namespace schedules

using Schedule = Handle<schedules::LearningRateSchedule>;

// A number or a schedule.
class LearningRate {
 public:
  template <class T>
    requires std::is_arithmetic_v<T>
  LearningRate(T value) : value_(static_cast<double>(value)) {}
  template <class S>
    requires std::convertible_to<S, Schedule> && (!std::is_arithmetic_v<S>)
  LearningRate(S schedule) : schedule_(std::move(schedule)) {}
  LearningRate() = default;

  double value() const { return value_; }             // the initial rate where there is no schedule
  const Schedule& schedule() const { return schedule_; }
  Config config() const { return schedule_ ? schedule_.config() : Config(value_); }
  static LearningRate from_config(const Config& c) { return c.is_number() ? LearningRate(c.as_double()) : LearningRate(Schedule(c)); }

 private:
  double value_ = 0.001;
  Schedule schedule_;
};

namespace optimizers {

// What every optimizer's options end with, in Keras' order.
struct OptimizerOptions {
  std::optional<double> weight_decay = {};
  std::optional<double> clipnorm = {};
  std::optional<double> clipvalue = {};
  std::optional<double> global_clipnorm = {};
  bool use_ema = false;
  double ema_momentum = 0.99;
  std::optional<int64_t> ema_overwrite_frequency = {};
  std::optional<double> loss_scale_factor = {};
  std::optional<int64_t> gradient_accumulation_steps = {};
  std::string name = "";
};

// Derive, override build_slots, update_step and config, give a static from_config, and register the class. A copy is the
// same optimizer: its variables are shared.
class Optimizer {
 public:
  using Base = Optimizer;
  static constexpr Kind kKind = Kind::optimizer;
  virtual ~Optimizer() = default;

  // Makes the variables: iteration (int32), learning_rate (float32, unless a schedule), then what build_slots adds. Once; a
  // second call with other variables is a ValueError.
  void build(const std::vector<Variable>& trainable);
  bool built() const;
  // Variables whose name matches one of these regular expressions ("bias") get no weight decay. Before build only.
  virtual void exclude_from_weight_decay(const std::vector<std::string>& var_names);
  // These variables get no weight decay. Before build only.
  virtual void exclude_variables_from_weight_decay(const std::vector<Variable>& var_list);
  // The loss that is differentiated: times loss_scale_factor, which apply divides the gradients by.
  virtual Tensor scale_loss(const Tensor& loss) const;
  // One step in a trace: (accumulate), clip, weight decay, update_step for each, EMA, constraints, iterations + 1.
  // gradients[i] is of trainable[i], as given to build.
  virtual void apply(const std::vector<Tensor>& gradients) const;
  // The same for train steps and loops of one's own: gradients[i] is of variables[i]. Builds the optimizer for these
  // variables at the first call; later calls must be given the same ones (ValueError).
  void apply_gradients(const std::vector<Tensor>& gradients, const std::vector<Variable>& variables) const;

  // All variables in Keras' order: iteration, learning_rate, slots.
  const std::vector<Variable>& variables() const;
  const std::vector<Variable>& trainable_variables() const;  // what it was built for
  virtual const Variable& iterations() const;
  // Host access to the rate; set_learning_rate throws ValueError under a schedule. Not in a trace.
  virtual double learning_rate() const;
  virtual void set_learning_rate(double value);
  // Keras' finalize_variable_values: writes the moving averages into the variables when use_ema.
  virtual void finalize_variable_values() const;

  const std::string& name() const;
  virtual Config config() const;  // name, learning_rate, and OptimizerOptions as Keras orders them

 protected:
  Optimizer(std::string name, LearningRate learning_rate, OptimizerOptions options);

  virtual void build_slots(const std::vector<Variable>& trainable) = 0;
  // Writes the new value of `variable` (its i-th) and its slots by assign.
  virtual void update_step(size_t i, const Tensor& gradient, const Variable& variable, const Tensor& learning_rate) const = 0;
  // A slot of a variable's shape; its name is "<variable path with / as _>_<name>". Adds it to variables().
  Variable add_slot(const Variable& reference, const std::string& name, Initializer initializer = "zeros");
  Variable add_variable(const std::string& name, const Shape& shape, DType dtype, Initializer initializer = "zeros");
  // Another optimizer's variables follow this one's: of an optimizer that has others inside.
  void adopt_variables(const Optimizer& inner);
  // How much a variable decays; none: not at all. What exclude_from_weight_decay names does not.
  virtual std::optional<double> weight_decay_of(const Variable& variable) const { return options().weight_decay; }
  const OptimizerOptions& options() const;
  // How many updates were made before this one: calls of apply, divided by gradient_accumulation_steps.
  Tensor updates() const;

 private:
  void update(std::vector<Tensor> gradients) const;      // clip, weight decay, update_step for each
  void accumulate(std::vector<Tensor> gradients) const;  // the same at every n-th call, with the mean of n gradients
  struct State;
  std::shared_ptr<State> state_;
};

namespace schedules = ::hornbeam::schedules;  // keras.optimizers.schedules

}  // namespace optimizers

using Optimizer = Handle<optimizers::Optimizer>;

}  // namespace hornbeam
