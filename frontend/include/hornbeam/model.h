// Model: a layer that can be trained. `Model(inputs, outputs)` is Keras' functional model; Sequential is in sequential.h; a
// user's own model derives from ModelOf<Self> and overrides call.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <hornbeam/callback.h>
#include <hornbeam/data/dataset.h>
#include <hornbeam/file_options.h>
#include <hornbeam/history.h>
#include <hornbeam/layer.h>
#include <hornbeam/loss.h>
#include <hornbeam/metric.h>
#include <hornbeam/optimizer.h>
#include <hornbeam/step.h>

namespace hornbeam {

// A metric as compile takes it: a name that is resolved by the loss and the output's shape ("accuracy"), or an object.
class MetricSpec {
 public:
  MetricSpec(const char* name) : name_(name) {}
  MetricSpec(std::string name) : name_(std::move(name)) {}
  template <class M>
    requires std::derived_from<M, metrics::Metric>
  MetricSpec(M metric) : metric_(std::move(metric)) {}
  MetricSpec(Metric metric) : metric_(std::move(metric)) {}
  const std::string& name() const { return name_; }
  const Metric& metric() const { return metric_; }  // empty if given by name
  Config config() const { return metric_ ? metric_.config() : Config(name_); }

 private:
  std::string name_;
  Metric metric_;
};

// Metrics of one output, or of each output by name or in order.
class MetricSpecs {
 public:
  MetricSpecs() = default;
  MetricSpecs(std::initializer_list<MetricSpec> metrics) : per_output_{metrics} {}
  MetricSpecs(std::vector<MetricSpec> metrics) : per_output_{std::move(metrics)} {}
  MetricSpecs(std::initializer_list<std::pair<const char*, std::vector<MetricSpec>>> by_name) {
    for (const auto& [name, metrics] : by_name) add(name, metrics);
  }
  static MetricSpecs in_order(std::vector<std::vector<MetricSpec>> per_output) {
    MetricSpecs specs;
    specs.per_output_ = std::move(per_output);
    specs.in_order_ = true;
    return specs;
  }
  void add(std::string name, std::vector<MetricSpec> metrics) {
    names_.push_back(std::move(name));
    per_output_.push_back(std::move(metrics));
  }
  bool empty() const { return per_output_.empty(); }
  bool by_name() const { return !names_.empty(); }
  bool by_order() const { return in_order_; }
  const std::vector<std::string>& names() const { return names_; }
  const std::vector<std::vector<MetricSpec>>& lists() const { return per_output_; }
  Config config() const;

 private:
  bool in_order_ = false;
  std::vector<std::string> names_;
  std::vector<std::vector<MetricSpec>> per_output_;
};

// A number of steps, or "auto": as many as make the overhead of a call small.
class StepsPerExecution {
 public:
  StepsPerExecution(int64_t steps) : steps_(checked(steps)) {}
  StepsPerExecution(int steps) : steps_(checked(steps)) {}
  StepsPerExecution(const char* text);  // "auto"
  bool is_auto() const { return steps_ == 0; }
  int64_t steps() const { return steps_; }  // 0 for "auto"

 private:
  static int64_t checked(int64_t steps);  // throws ValueError unless positive
  int64_t steps_ = 1;
};

struct CompileOptions {
  Optimizer optimizer = "rmsprop";
  Tree<Loss> loss = {};                      // one, a list in order of the outputs, or a map by their names
  Tree<double> loss_weights = {};
  MetricSpecs metrics = {};
  MetricSpecs weighted_metrics = {};
  StepsPerExecution steps_per_execution = 1;
  bool auto_scale_loss = true;               // a LossScaleOptimizer around the optimizer if the policy is mixed_float16
  int num_threads = 0;                       // 0: all cores
  std::string dump_dir = "";                 // where the compiler writes its IR after each stage
};

// Arrays, or a Dataset of batches.
struct ValidationData {
  ValidationData() = default;
  ValidationData(Arrays x, Arrays y, Arrays sample_weight = {})
      : x(std::move(x)), y(std::move(y)), sample_weight(std::move(sample_weight)) {}
  ValidationData(Dataset dataset) : dataset(std::move(dataset)) {}

  Arrays x, y, sample_weight;
  Dataset dataset;
};

// "auto", or Keras' numbers: 0 silent, 1 progress bar, 2 a line an epoch.
class Verbose {
 public:
  Verbose(int level) : level_(level) {}
  Verbose(const char* text);  // "auto"
  // "auto" is 1 on a terminal, else 2.
  int level() const;

 private:
  int level_ = -1;
};

// After which epochs fit validates: after every so many, or after those of a list (counted from 1, as in Keras).
class ValidationFreq {
 public:
  ValidationFreq(int64_t every) : every_(every) {}
  ValidationFreq(int every) : every_(every) {}
  ValidationFreq(std::initializer_list<int64_t> epochs) : epochs_(epochs) {}
  ValidationFreq(std::vector<int64_t> epochs) : epochs_(std::move(epochs)) {}
  int64_t every() const { return every_; }  // 0 where there is a list
  const std::vector<int64_t>& epochs() const { return epochs_; }

 private:
  int64_t every_ = 0;
  std::vector<int64_t> epochs_;
};

struct FitOptions {
  int64_t epochs = 1;
  std::optional<int64_t> batch_size = {};    // 32
  Verbose verbose = "auto";
  std::vector<CallbackHandle> callbacks = {};
  double validation_split = 0.0;             // the last fraction of the samples, before shuffling
  ValidationData validation_data = {};
  bool shuffle = true;
  std::map<int64_t, double> class_weight = {};
  Arrays sample_weight = {};
  int64_t initial_epoch = 0;
  std::optional<int64_t> steps_per_epoch = {};
  std::optional<int64_t> validation_steps = {};
  std::optional<int64_t> validation_batch_size = {};
  ValidationFreq validation_freq = 1;        // every so many epochs, or a list of epochs, counted from 1
  std::optional<int64_t> seed = {};          // of the shuffling; draw_seed() if not given
};

struct EvaluateOptions {
  std::optional<int64_t> batch_size = {};
  Verbose verbose = "auto";
  Arrays sample_weight = {};
  std::optional<int64_t> steps = {};
  std::vector<CallbackHandle> callbacks = {};
};

struct PredictOptions {
  std::optional<int64_t> batch_size = {};
  Verbose verbose = "auto";
  std::optional<int64_t> steps = {};
  std::vector<CallbackHandle> callbacks = {};
};

struct BatchOptions {
  Arrays sample_weight = {};
  std::map<int64_t, double> class_weight = {};
};

struct SummaryOptions {
  std::optional<int64_t> line_length = {};
  bool expand_nested = false;
  bool show_trainable = false;
};

struct ModelState;  // frontend/src/model/model_state.h

class Model : public Layer {
 public:
  // Functional: from Input tensors to the outputs that layers made of them.
  Model(Tensors inputs, Tensors outputs, const std::optional<std::string>& name = {});

  virtual Tensors call(const Tensors& inputs, const CallArgs& args);
  virtual void build(const Shapes& inputs) {}
  Tensors operator()(const Tensors& inputs, const CallArgs& args = {}) const { return invoke(inputs, args); }

  // What a train or evaluate step minimizes and reports, a scalar; override it to compute something else. x is what the
  // model was called on; y, y_pred and sample_weight are single tensors or, for several outputs, lists in their order,
  // and empty or not valid where nothing was given. This one takes the losses of compile with their weights, add_loss
  // and regularization.
  virtual Tensor compute_loss(const Tensors& x, const Tensors& y, const Tensors& y_pred,
                              const Tensors& sample_weight);
  // Updates the metrics of a step; override it to count something else, or more, in metrics that are tracked. This one
  // updates those of compile.
  virtual void compute_metrics(const Tensors& x, const Tensors& y, const Tensors& y_pred,
                               const Tensors& sample_weight);

  // One step of fit, evaluate or predict on one batch. Override them to train, test or predict in another way: they are
  // traced into the compiled step like everything else, once for each batch size, and run any number of steps a call. A
  // train step takes gradients with value_and_grad (gradient.h) and updates weights with an optimizer's apply_gradients.
  // These do what the arguments of compile say.
  virtual StepLogs train_step(const StepData& data);
  virtual StepLogs test_step(const StepData& data);
  virtual Tensors predict_step(const StepData& data);
  // For a step of one's own that returns them: the results of all metrics, compile's, the loss's and the tracked ones'.
  StepLogs get_metrics_result() const { return StepLogs::of_all_metrics(); }
  // Counts a step's loss into the "loss" that is reported, with the weight of the batch's size.
  void update_loss_tracker(const Tensor& loss, const StepData& data);

  // Throws ValueError for names that do not exist (with the nearest one) and options that do not fit.
  void compile(CompileOptions options);
  bool compiled() const;

  // Trains; the data are read where they are, in their own dtype. NaN in the data is no error, as in Keras.
  History fit(const Arrays& x, const Arrays& y, FitOptions options = {});
  // Loss and metrics on the data, in order of their names.
  Logs evaluate(const Arrays& x, const Arrays& y, EvaluateOptions options = {});
  Arrays predict(const Arrays& x, PredictOptions options = {});
  // The same on a dataset of batches. Its elements have the targets and sample weights, and its own batch size and order,
  // so options for those are refused; an epoch is one pass unless steps_per_epoch says otherwise. Another size or shape
  // of batch (a short last one) compiles another program when it is first met. Throws ValueError that names the element
  // that does not fit. Elements that are not rows of arrays are computed by a thread of their own while a step runs.
  History fit(const Dataset& data, FitOptions options = {});
  Logs evaluate(const Dataset& data, EvaluateOptions options = {});
  Arrays predict(const Dataset& data, PredictOptions options = {});
  Logs train_on_batch(const Arrays& x, const Arrays& y, BatchOptions options = {});
  Logs test_on_batch(const Arrays& x, const Arrays& y, BatchOptions options = {});
  Arrays predict_on_batch(const Arrays& x);
  // Metrics start again from nothing.
  void reset_metrics();

  // Layers in order of the graph (functional, sequential) or of tracking.
  std::vector<LayerPtr> layers() const;
  LayerPtr get_layer(const std::string& name) const;
  LayerPtr get_layer(int64_t index) const;

  // Keras' table of layers, shapes and parameters.
  std::string summary(SummaryOptions options = {}) const;

  // Set by callbacks: ends fit after the running epoch, or batch call.
  bool& stop_training() const;
  // compile's. In a train step of one's own it is built for the model's trainable weights when first asked for.
  const Optimizer& optimizer() const;
  // Optimizers that the model tracks beside compile's.
  const std::vector<Optimizer>& tracked_optimizers() const;
  const CompileOptions& compile_options() const;  // ValueError if not compiled
  std::vector<std::string> metrics_names() const;
  // Names of the inputs and outputs (the layers that make them).
  std::vector<std::string> input_names() const;
  std::vector<std::string> output_names() const;

  // The whole model as a file, by the path's ending: .keras, or Keras' older .h5 (see saving.h, also for what is thrown).
  void save(const std::string& path, const SaveOptions& options = {}) const;
  // Weights alone: .weights.h5, .safetensors, .npz, or the older .h5.
  void save_weights(const std::string& path, const SaveOptions& options = {}) const;
  LoadWeightsReport load_weights(const std::string& path, const LoadWeightsOptions& options = {});

  // The model's form without its weights, as Keras' to_json writes it; model_from_json.h reads it.
  std::string to_json(int indent = -1) const;

  Config config() const override;
  static Model from_config(const Config& config);
  Config compile_config() const;  // null if not compiled or not serializable
  const std::shared_ptr<ModelState>& model_state() const { return model_state_; }

 protected:
  Model(const std::type_info& type, const std::optional<std::string>& name, const DTypePolicy& dtype, bool trainable);
  // The layer graph of a functional or sequential model; set once.
  void set_graph(Tensors inputs, Tensors outputs) const;

  std::shared_ptr<Layer> clone() const override { return std::make_shared<Model>(*this); }
  void check_tensors(const Shapes& inputs) const override;
  void build_tensors(const Shapes& inputs) override { build(inputs); }
  Tensors call_tensors(const Tensors& inputs, const CallArgs& args) override { return call(inputs, args); }
  bool autocasts() const override { return false; }

  using Layer::track;
  // Makes an optimizer part of the model, for train steps that use several:
  //   hb::optimizers::Adam generator_optimizer_ = track(hb::optimizers::Adam({.learning_rate = 1e-4}));
  template <class O>
    requires std::derived_from<O, optimizers::Optimizer>
  O track(O optimizer) {
    track_optimizer(optimizer);
    return optimizer;
  }
  Optimizer track(Optimizer optimizer) {
    track_optimizer(optimizer);
    return optimizer;
  }
  void track_optimizer(Optimizer optimizer);
  // Which steps are the class's own.
  virtual OwnSteps own_steps() const { return {}; }

 private:
  friend struct ModelAccess;  // frontend/src/model/model_state.h
  std::shared_ptr<ModelState> model_state_;
};

// What a user's own model derives from:
//   class Net : public hb::ModelOf<Net> {
//     hb::layers::Dense dense_ = track(hb::layers::Dense({.units = 10}));
//     hb::Tensors call(const hb::Tensors& x, const hb::CallArgs&) override { return dense_(x); }
//   };
template <class Self>
class ModelOf : public Model {
 protected:
  explicit ModelOf(const std::optional<std::string>& name = {}, const DTypePolicy& dtype = {}, bool trainable = true)
      : Model(typeid(Self), name, dtype, trainable) {}
  std::shared_ptr<Layer> clone() const override { return std::make_shared<Self>(static_cast<const Self&>(*this)); }
  // A step that is not the base's, or that cannot be named here since it is private, is the class's own.
  OwnSteps own_steps() const override {
    OwnSteps own{.train = true, .test = true, .predict = true};
    if constexpr (requires { &Self::train_step; })
      own.train = !std::same_as<decltype(&Self::train_step), StepLogs (Model::*)(const StepData&)>;
    if constexpr (requires { &Self::test_step; })
      own.test = !std::same_as<decltype(&Self::test_step), StepLogs (Model::*)(const StepData&)>;
    if constexpr (requires { &Self::predict_step; })
      own.predict = !std::same_as<decltype(&Self::predict_step), Tensors (Model::*)(const StepData&)>;
    return own;
  }
};

}  // namespace hornbeam
