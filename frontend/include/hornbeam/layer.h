// Layer: the base of everything that is called on tensors and has weights. A layer derives from LayerOf<Self>, or from
// UnaryLayerOf<Self> if it takes and gives one tensor, ours and users' alike:
//
//   class Scale : public hb::UnaryLayerOf<Scale> {
//    public:
//     void build(const hb::Shape& input) override { gain_ = add_weight({.name = "gain", .shape = {input[-1]}, .initializer = "ones"}); }
//     hb::Tensor call(const hb::Tensor& x, const hb::CallArgs&) override { return x * gain_; }
//    private:
//     hb::Variable gain_;
//   };
//
// A copy of a layer is the same layer: variables, built, trainable and sub-layers are behind one shared pointer. `build`
// may set Variable members (they are shared, too) and nothing else; `call` writes nothing but variables.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <typeinfo>
#include <vector>

#include <hornbeam/activation.h>
#include <hornbeam/config.h>
#include <hornbeam/dtype_policy.h>
#include <hornbeam/random.h>
#include <hornbeam/registry.h>
#include <hornbeam/tensor.h>
#include <hornbeam/variable.h>

namespace hornbeam {

struct CallArgs {
  std::optional<bool> training = {};  // inside `call` always set: the caller's, else the surrounding call's, else false
  Tensor mask = {};
  std::map<std::string, Tensors> tensors = {};  // further arguments by name (initial_state, …)
  Config options = {};  // further arguments that are no tensors: Config::object({{"use_causal_mask", true}})

  bool is_training() const { return training.value_or(false); }
};

struct LayerState;  // frontend/src/layer_state.h
namespace metrics {
class Metric;
}

class Layer {
 public:
  using Base = Layer;
  static constexpr Kind kKind = Kind::layer;
  virtual ~Layer();

  const std::string& name() const;        // given, or snake_case of the class with a number: "dense", "dense_1"
  std::string class_name() const;         // as registered: "Dense"
  bool built() const;
  bool trainable() const;
  void set_trainable(bool trainable);     // of the sub-layers, too
  const DTypePolicy& dtype_policy() const;
  // Where it was built, "encoder/dense"; empty before that. Of a DTypePolicyMap the layer takes what its path says.
  const std::string& path() const;
  DType compute_dtype() const;
  DType variable_dtype() const;

  // Own variables first, then the sub-layers', each once. `weights` leaves out seeds of random numbers; trainable ones come
  // first in `weights`, as in Keras.
  std::vector<Variable> variables() const;
  std::vector<Variable> weights() const;
  std::vector<Variable> trainable_weights() const;      // none if not trainable
  std::vector<Variable> non_trainable_weights() const;
  int64_t count_params() const;
  std::vector<Array> get_weights() const;
  // Throws ValueError if the number of arrays or a shape differs; then no weight is changed.
  void set_weights(const std::vector<Array>& weights);

  // Only what this layer made itself, in order of creation; for savers.
  const std::vector<Variable>& own_variables() const;
  const std::vector<random::SeedGenerator>& seed_generators() const;
  struct SubLayer {
    std::string attribute;  // the name given to track, or ""
    std::shared_ptr<Layer> layer;
  };
  const std::vector<SubLayer>& sublayers() const;
  // Metrics that this layer and its sub-layers track.
  std::vector<std::shared_ptr<metrics::Metric>> metrics() const;

  // Calls the layer: checks and casts the inputs, builds it when first called, and runs `call`. On symbolic tensors
  // it records a node of the layer graph instead.
  Tensors invoke(const Tensors& inputs, const CallArgs& args = {}) const;
  // Makes the variables for inputs of these shapes, if not yet done.
  void ensure_built(const Shapes& inputs) const;
  // Output shapes (and dtypes, by tracing `call` abstractly); unknown axes stay unknown.
  Shapes compute_output_shape(const Shapes& inputs) const;

  // Options as Keras' get_config gives them. An override starts from base_config(): name, trainable, dtype.
  virtual Config config() const;
  // {"module", "class_name", "config", "registered_name", "build_config"}.
  Config serialize() const;
  // What Keras stores for building the layer before its weights are loaded ({"input_shape": …}); null if not built.
  const Shapes& build_shapes() const;
  // For a layer that Keras calls with several tensors, not with a list: what these arguments are called, in order
  // ("query", "value", "key"). Here they are a list, too, whose last ones may be missing.
  virtual std::vector<std::string> argument_names() const { return {}; }

  // The object that graphs and containers keep: one for all copies of the layer.
  std::shared_ptr<Layer> shared() const;
  const std::shared_ptr<LayerState>& state() const { return state_; }

 protected:
  Layer(const std::type_info& type, const std::optional<std::string>& name, const DTypePolicy& dtype, bool trainable);

  // What LayerOf and UnaryLayerOf implement.
  virtual std::shared_ptr<Layer> clone() const = 0;
  virtual void check_tensors(const Shapes& inputs) const = 0;
  virtual void build_tensors(const Shapes& inputs) = 0;
  virtual Tensors call_tensors(const Tensors& inputs, const CallArgs& args) = 0;
  // False for layers that take their inputs as they are (integer ids, say): no cast of floats to compute_dtype.
  virtual bool autocasts() const { return true; }

  // A penalty on the outputs, divided by the batch size and added to the training loss.
  virtual Regularizer activity_regularizer() const { return {}; }

  // A variable of this layer; for `build`. dtype defaults to the policy's.
  struct WeightOptions {
    std::string name = "variable";
    Shape shape = {};
    Initializer initializer = "glorot_uniform";
    std::optional<DType> dtype = {};
    bool trainable = true;
    Regularizer regularizer = {};
    Constraint constraint = {};
  };
  Variable add_weight(const WeightOptions& options);
  // Makes a layer part of this one: `Dense dense_ = track(Dense({.units = 8}));`. The attribute names it in weights files.
  template <class L>
    requires std::derived_from<L, Layer>
  L track(L layer, std::string attribute = "") {
    track_layer(layer, std::move(attribute));
    return layer;
  }
  random::SeedGenerator track(random::SeedGenerator seed);
  // Makes a metric part of this layer: `metrics::Mean norm_ = track(metrics::Mean({.name = "norm"}));`. `call` updates
  // it; fit and evaluate report it under its name, and start it anew with each epoch.
  template <class M>
    requires std::derived_from<M, metrics::Metric>
  M track(M metric) {
    track_metric(std::make_shared<M>(metric));
    return metric;
  }
  void track_layer(const Layer& layer, std::string attribute);
  void track_metric(std::shared_ptr<metrics::Metric> metric);
  // Adds a scalar to the training loss; for `call`.
  void add_loss(const Tensor& loss) const;
  Config base_config() const;

 private:
  friend struct LayerAccess;  // frontend/src/layer_state.h
  void build_now(const Shapes& inputs) const;
  std::shared_ptr<LayerState> state_;
};

// Reads what every layer's options end with: name, dtype, trainable.
template <class Options>
void read_base(const Config& config, Options& options) {
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  config.read("trainable", options.trainable);
}

// A layer of any structure of tensors.
template <class Self>
class LayerOf : public Layer {
 public:
  // Throws ValueError if the shapes do not suit; called before build and before each call, with unknown axes.
  virtual void check_input(const Shapes& inputs) const {}
  virtual void build(const Shapes& inputs) {}
  virtual Tensors call(const Tensors& inputs, const CallArgs& args) = 0;
  Tensors operator()(const Tensors& inputs, const CallArgs& args = {}) const { return invoke(inputs, args); }

 protected:
  explicit LayerOf(const std::optional<std::string>& name = {}, const DTypePolicy& dtype = {}, bool trainable = true)
      : Layer(typeid(Self), name, dtype, trainable) {}
  std::shared_ptr<Layer> clone() const override { return std::make_shared<Self>(static_cast<const Self&>(*this)); }
  void check_tensors(const Shapes& inputs) const override { check_input(inputs); }
  void build_tensors(const Shapes& inputs) override { build(inputs); }
  Tensors call_tensors(const Tensors& inputs, const CallArgs& args) override { return call(inputs, args); }
};

// A layer of one tensor.
template <class Self>
class UnaryLayerOf : public Layer {
 public:
  virtual void check_input(const Shape& input) const {}
  virtual void build(const Shape& input) {}
  virtual Tensor call(const Tensor& x, const CallArgs& args) = 0;
  Tensor operator()(const Tensor& x, const CallArgs& args = {}) const { return invoke(x, args).single(); }

 protected:
  explicit UnaryLayerOf(const std::optional<std::string>& name = {}, const DTypePolicy& dtype = {}, bool trainable = true)
      : Layer(typeid(Self), name, dtype, trainable) {}
  std::shared_ptr<Layer> clone() const override { return std::make_shared<Self>(static_cast<const Self&>(*this)); }
  void check_tensors(const Shapes& inputs) const override { check_input(inputs.single()); }
  void build_tensors(const Shapes& inputs) override { build(inputs.single()); }
  Tensors call_tensors(const Tensors& inputs, const CallArgs& args) override { return call(inputs.single(), args); }
};

// A shared layer of any class: what containers take and give.
using LayerPtr = std::shared_ptr<Layer>;

// From {"class_name": …, "config": …}.
LayerPtr layer_from_config(const Config& config);

// Starts anew, as keras.utils.clear_session: automatic names count from the beginning (dense, dense_1, …), the default dtype
// policy and logging are the first ones again, and programs of ops and layers that were called on arrays are let go. A
// model keeps its own.
void clear_session();

}  // namespace hornbeam
