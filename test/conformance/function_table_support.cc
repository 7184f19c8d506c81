// The table of activations, and the look-up in all tables.
#include "test/conformance/function_table_support.h"

#include <hornbeam/activations/activations.h>

#include <map>

namespace hornbeam::conformance {
namespace {

using nlohmann::json;

using Unary = Tensor (*)(const Tensor&);
NamedFunction unary(Unary f) {
  return [f](const Arguments& a, const Tensors& t) -> Tensors { return f(a.positional(0, t).single()); };
}
// With one more number, by name.
NamedFunction unary(Tensor (*f)(const Tensor&, double), const char* name, double otherwise) {
  return [=](const Arguments& a, const Tensors& t) -> Tensors {
    return f(a.positional(0, t).single(), number_of(a, name, otherwise));
  };
}
NamedFunction along(Tensor (*f)(const Tensor&, int64_t)) {
  return [=](const Arguments& a, const Tensors& t) -> Tensors {
    return f(a.positional(0, t).single(), integer_of(a, "axis", -1));
  };
}
}  // namespace

const FunctionTable& activation_functions() {
  using A = const Arguments&;
  static const FunctionTable table = {
      {"keras.activations.linear", unary(activations::linear)},
      {"keras.activations.relu",
       [](A a, const Tensors& t) -> Tensors {
         json max_value = a.value("max_value");
         return activations::relu(a.positional(0, t).single(), number_of(a, "negative_slope", 0.0),
                                  max_value.is_number() ? std::optional(max_value.get<double>()) : std::nullopt,
                                  number_of(a, "threshold", 0.0));
       }},
      {"keras.activations.relu6", unary(activations::relu6)},
      {"keras.activations.leaky_relu", unary(activations::leaky_relu, "negative_slope", 0.2)},
      {"keras.activations.elu", unary(activations::elu, "alpha", 1.0)},
      {"keras.activations.selu", unary(activations::selu)},
      {"keras.activations.celu", unary(activations::celu, "alpha", 1.0)},
      {"keras.activations.sigmoid", unary(activations::sigmoid)},
      {"keras.activations.hard_sigmoid", unary(activations::hard_sigmoid)},
      {"keras.activations.log_sigmoid", unary(activations::log_sigmoid)},
      {"keras.activations.sparse_sigmoid", unary(activations::sparse_sigmoid)},
      {"keras.activations.tanh", unary(activations::tanh)},
      {"keras.activations.hard_tanh", unary(activations::hard_tanh)},
      {"keras.activations.tanh_shrink", unary(activations::tanh_shrink)},
      {"keras.activations.softplus", unary(activations::softplus)},
      {"keras.activations.softsign", unary(activations::softsign)},
      {"keras.activations.squareplus", unary(activations::squareplus, "b", 4.0)},
      {"keras.activations.sparse_plus", unary(activations::sparse_plus)},
      {"keras.activations.exponential", unary(activations::exponential)},
      {"keras.activations.gelu",
       [](A a, const Tensors& t) -> Tensors {
         return activations::gelu(a.positional(0, t).single(), flag_of(a, "approximate", false));
       }},
      {"keras.activations.silu", unary(activations::silu)},
      {"keras.activations.swish", unary(activations::silu)},
      {"keras.activations.hard_silu", unary(activations::hard_silu)},
      {"keras.activations.hard_swish", unary(activations::hard_silu)},
      {"keras.activations.mish", unary(activations::mish)},
      {"keras.activations.hard_shrink", unary(activations::hard_shrink, "threshold", 0.5)},
      {"keras.activations.soft_shrink", unary(activations::soft_shrink, "threshold", 0.5)},
      {"keras.activations.threshold",
       [](A a, const Tensors& t) -> Tensors {
         return activations::threshold(a.positional(0, t).single(), a.value("threshold").get<double>(),
                                       a.value("default_value").get<double>());
       }},
      {"keras.activations.softmax", along(activations::softmax)},
      {"keras.activations.log_softmax", along(activations::log_softmax)},
      {"keras.activations.sparsemax", along(activations::sparsemax)},
      {"keras.activations.glu", along(activations::glu)},
  };
  return table;
}

namespace {

const NamedFunction* find(const std::string& name) {
  for (const FunctionTable* table : {&activation_functions(), &loss_functions(), &ops_functions()})
    if (auto found = table->find(name); found != table->end()) return &found->second;
  return nullptr;
}

}  // namespace

bool has_function(const std::string& name) {
  return find(name) || host_functions().contains(name) || value_functions().contains(name);
}

const NamedFunction& function_named(const std::string& name) {
  if (const NamedFunction* function = find(name)) return *function;
  throw ValueError("[conformance] No function is named '" + name + "'");
}

}  // namespace hornbeam::conformance
