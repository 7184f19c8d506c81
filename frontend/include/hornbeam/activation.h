// An activation function by name ("relu"), any function of one tensor (activations::relu, a lambda), or a layer
// (layers::PReLU()), which becomes a part of the layer that it is given to.
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <hornbeam/config.h>
#include <hornbeam/tensor.h>

namespace hornbeam {

class Layer;

class Activation {
 public:
  using Function = std::function<Tensor(const Tensor&)>;

  Activation() = default;                     // linear
  Activation(const char* name);               // throws ValueError with the nearest name for an unknown one
  Activation(const std::string& name) : Activation(name.c_str()) {}
  Activation(std::nullptr_t) {}
  template <class F>
    requires(std::is_invocable_r_v<Tensor, F, const Tensor&> && !std::same_as<std::remove_cvref_t<F>, Activation> &&
             !std::derived_from<F, Layer>)
  Activation(F function) : name_("custom"), function_(std::move(function)) {}
  template <std::derived_from<Layer> L>
  Activation(const L& layer) : Activation(layer.shared()) {}
  Activation(std::shared_ptr<Layer> layer);

  bool is_linear() const { return name_ == "linear"; }
  const std::string& name() const { return name_; }
  Tensor operator()(const Tensor& x) const;

  // The layer that was given; null for a function.
  const std::shared_ptr<Layer>& layer() const { return layer_; }

  Config config() const;  // the name, or the serialized layer
  static Activation from_config(const Config& identifier);

  // Makes a name known; a static object in the .cc of each activation. Several names may be given ("swish", "silu"): the
  // first is the one in configs.
  struct Register {
    Register(std::vector<std::string> names, Function function);
  };

 private:
  std::string name_ = "linear";
  Function function_;
  std::shared_ptr<Layer> layer_;
};

}  // namespace hornbeam
