// The table of activations, losses and metrics.
#include "test/conformance/function_table_support.h"

#include <hornbeam/activations/activations.h>
#include <hornbeam/losses/binary_crossentropy.h>
#include <hornbeam/losses/categorical_crossentropy.h>
#include <hornbeam/losses/mean_absolute_error.h>
#include <hornbeam/losses/mean_squared_error.h>
#include <hornbeam/losses/sparse_categorical_crossentropy.h>
#include <hornbeam/metrics/binary_accuracy.h>
#include <hornbeam/metrics/categorical_accuracy.h>
#include <hornbeam/metrics/sparse_categorical_accuracy.h>
#include <hornbeam/metrics/sparse_top_k_categorical_accuracy.h>
#include <hornbeam/metrics/top_k_categorical_accuracy.h>

#include <map>

namespace hornbeam::conformance {
namespace {

using nlohmann::json;

// A keyword's number, or the default.
double number(const Arguments& a, const char* name, double otherwise) {
  json value = a.value(name);
  return value.is_number() ? value.get<double>() : otherwise;
}
int64_t integer(const Arguments& a, const char* name, int64_t otherwise) {
  json value = a.value(name);
  return value.is_number() ? value.get<int64_t>() : otherwise;
}
bool flag(const Arguments& a, const char* name, bool otherwise) {
  json value = a.value(name);
  return value.is_boolean() ? value.get<bool>() : otherwise;
}

using Unary = Tensor (*)(const Tensor&);
NamedFunction unary(Unary f) {
  return [f](const Arguments& a, const Tensors& t) -> Tensors { return f(a.positional(0, t).single()); };
}
// With one more number, by name.
NamedFunction unary(Tensor (*f)(const Tensor&, double), const char* name, double otherwise) {
  return [=](const Arguments& a, const Tensors& t) -> Tensors {
    return f(a.positional(0, t).single(), number(a, name, otherwise));
  };
}
NamedFunction along(Tensor (*f)(const Tensor&, int64_t)) {
  return [=](const Arguments& a, const Tensors& t) -> Tensors {
    return f(a.positional(0, t).single(), integer(a, "axis", -1));
  };
}
template <class F>
NamedFunction binary(F f) {
  return [f](const Arguments& a, const Tensors& t) -> Tensors {
    return f(a.positional(0, t).single(), a.positional(1, t).single(), a);
  };
}

}  // namespace

const FunctionTable& functions() {
  using T = const Tensor&;
  using A = const Arguments&;
  static const FunctionTable table = {
      {"keras.activations.linear", unary(activations::linear)},
      {"keras.activations.relu",
       [](A a, const Tensors& t) -> Tensors {
         json max_value = a.value("max_value");
         return activations::relu(a.positional(0, t).single(), number(a, "negative_slope", 0.0),
                                  max_value.is_number() ? std::optional(max_value.get<double>()) : std::nullopt,
                                  number(a, "threshold", 0.0));
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
         return activations::gelu(a.positional(0, t).single(), flag(a, "approximate", false));
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
      {"keras.losses.mean_squared_error", binary([](T y, T p, A) { return losses::mean_squared_error(y, p); })},
      {"keras.losses.mean_absolute_error", binary([](T y, T p, A) { return losses::mean_absolute_error(y, p); })},
      {"keras.losses.binary_crossentropy", binary([](T y, T p, A a) {
         return losses::binary_crossentropy(y, p, flag(a, "from_logits", false), number(a, "label_smoothing", 0.0),
                                            integer(a, "axis", -1));
       })},
      {"keras.losses.categorical_crossentropy", binary([](T y, T p, A a) {
         return losses::categorical_crossentropy(y, p, flag(a, "from_logits", false), number(a, "label_smoothing", 0.0),
                                                 integer(a, "axis", -1));
       })},
      {"keras.losses.sparse_categorical_crossentropy", binary([](T y, T p, A a) {
         json ignored = a.value("ignore_class");
         return losses::sparse_categorical_crossentropy(
             y, p, flag(a, "from_logits", false),
             ignored.is_number() ? std::optional(ignored.get<int64_t>()) : std::nullopt, integer(a, "axis", -1));
       })},
      {"keras.metrics.binary_accuracy",
       binary([](T y, T p, A a) { return metrics::binary_accuracy(y, p, number(a, "threshold", 0.5)); })},
      {"keras.metrics.categorical_accuracy", binary([](T y, T p, A) { return metrics::categorical_accuracy(y, p); })},
      {"keras.metrics.sparse_categorical_accuracy",
       binary([](T y, T p, A) { return metrics::sparse_categorical_accuracy(y, p); })},
      {"keras.metrics.top_k_categorical_accuracy",
       binary([](T y, T p, A a) { return metrics::top_k_categorical_accuracy(y, p, integer(a, "k", 5)); })},
      {"keras.metrics.sparse_top_k_categorical_accuracy",
       binary([](T y, T p, A a) { return metrics::sparse_top_k_categorical_accuracy(y, p, integer(a, "k", 5)); })},
  };
  return table;
}

bool has_function(const std::string& name) { return functions().contains(name) || ops_functions().contains(name); }

const NamedFunction& function_named(const std::string& name) {
  for (const FunctionTable* table : {&functions(), &ops_functions()})
    if (auto found = table->find(name); found != table->end()) return found->second;
  throw ValueError("[conformance] No function is named '" + name + "'");
}

}  // namespace hornbeam::conformance
