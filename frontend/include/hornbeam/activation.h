// An activation function by name ("relu"), or any function of one tensor (activations::relu, a lambda).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <hornbeam/config.h>
#include <hornbeam/tensor.h>

namespace hornbeam {

class Activation {
 public:
  using Function = std::function<Tensor(const Tensor&)>;

  Activation() = default;                     // linear
  Activation(const char* name);               // throws ValueError with the nearest name for an unknown one
  Activation(const std::string& name) : Activation(name.c_str()) {}
  Activation(std::nullptr_t) {}
  template <class F>
    requires(std::is_invocable_r_v<Tensor, F, const Tensor&> && !std::same_as<std::remove_cvref_t<F>, Activation>)
  Activation(F function) : name_("custom"), function_(std::move(function)) {}

  bool is_linear() const { return name_ == "linear"; }
  const std::string& name() const { return name_; }
  Tensor operator()(const Tensor& x) const;

  Config config() const { return name_; }
  static Activation from_config(const Config& identifier);

  // Makes a name known; a static object in the .cc of each activation. Several names may be given ("swish", "silu"): the
  // first is the one in configs.
  struct Register {
    Register(std::vector<std::string> names, Function function);
  };

 private:
  std::string name_ = "linear";
  Function function_;
};

}  // namespace hornbeam
