// The table of losses and metrics.
#include <hornbeam/losses/binary_crossentropy.h>
#include <hornbeam/losses/binary_focal_crossentropy.h>
#include <hornbeam/losses/categorical_crossentropy.h>
#include <hornbeam/losses/categorical_focal_crossentropy.h>
#include <hornbeam/losses/categorical_generalized_cross_entropy.h>
#include <hornbeam/losses/categorical_hinge.h>
#include <hornbeam/losses/circle.h>
#include <hornbeam/losses/cosine_similarity.h>
#include <hornbeam/losses/dice.h>
#include <hornbeam/losses/hinge.h>
#include <hornbeam/losses/huber.h>
#include <hornbeam/losses/kl_divergence.h>
#include <hornbeam/losses/log_cosh.h>
#include <hornbeam/losses/mean_absolute_error.h>
#include <hornbeam/losses/mean_absolute_percentage_error.h>
#include <hornbeam/losses/mean_squared_error.h>
#include <hornbeam/losses/mean_squared_logarithmic_error.h>
#include <hornbeam/losses/poisson.h>
#include <hornbeam/losses/sparse_categorical_crossentropy.h>
#include <hornbeam/losses/squared_hinge.h>
#include <hornbeam/losses/tversky.h>
#include <hornbeam/metrics/binary_accuracy.h>
#include <hornbeam/metrics/categorical_accuracy.h>
#include <hornbeam/metrics/concordance_correlation.h>
#include <hornbeam/metrics/pearson_correlation.h>
#include <hornbeam/metrics/sparse_categorical_accuracy.h>
#include <hornbeam/metrics/sparse_top_k_categorical_accuracy.h>
#include <hornbeam/metrics/top_k_categorical_accuracy.h>

#include "test/conformance/function_table_support.h"

namespace hornbeam::conformance {
namespace {

using nlohmann::json;

template <class F>
NamedFunction binary(F f) {
  return [f](const Arguments& a, const Tensors& t) -> Tensors {
    return f(a.positional(0, t).single(), a.positional(1, t).single(), a);
  };
}
// Without options.
NamedFunction plain(Tensor (*f)(const Tensor&, const Tensor&)) {
  return binary([f](const Tensor& y, const Tensor& p, const Arguments&) { return f(y, p); });
}
NamedFunction along(Tensor (*f)(const Tensor&, const Tensor&, int64_t)) {
  return binary(
      [f](const Tensor& y, const Tensor& p, const Arguments& a) { return f(y, p, integer_of(a, "axis", -1)); });
}
Axes axes(const Arguments& a) {
  json value = a.value("axis");
  if (value.is_array()) return value.get<std::vector<int64_t>>();
  return value.is_number() ? Axes(value.get<int64_t>()) : Axes();
}

}  // namespace

const FunctionTable& loss_functions() {
  using T = const Tensor&;
  using A = const Arguments&;
  static const FunctionTable table = {
      {"keras.losses.mean_absolute_percentage_error", plain(losses::mean_absolute_percentage_error)},
      {"keras.losses.mean_squared_logarithmic_error", plain(losses::mean_squared_logarithmic_error)},
      {"keras.losses.log_cosh", plain(losses::log_cosh)},
      {"keras.losses.hinge", plain(losses::hinge)},
      {"keras.losses.squared_hinge", plain(losses::squared_hinge)},
      {"keras.losses.categorical_hinge", plain(losses::categorical_hinge)},
      {"keras.losses.kl_divergence", plain(losses::kl_divergence)},
      {"keras.losses.poisson", plain(losses::poisson)},
      {"keras.losses.cosine_similarity", along(losses::cosine_similarity)},
      {"keras.losses.huber", binary([](T y, T p, A a) { return losses::huber(y, p, number_of(a, "delta", 1.0)); })},
      {"keras.losses.binary_focal_crossentropy", binary([](T y, T p, A a) {
         return losses::binary_focal_crossentropy(
             y, p, flag_of(a, "apply_class_balancing", false), number_of(a, "alpha", 0.25), number_of(a, "gamma", 2.0),
             flag_of(a, "from_logits", false), number_of(a, "label_smoothing", 0.0), integer_of(a, "axis", -1));
       })},
      {"keras.losses.categorical_focal_crossentropy", binary([](T y, T p, A a) {
         return losses::categorical_focal_crossentropy(y, p, number_of(a, "alpha", 0.25), number_of(a, "gamma", 2.0),
                                                       flag_of(a, "from_logits", false),
                                                       number_of(a, "label_smoothing", 0.0), integer_of(a, "axis", -1));
       })},
      {"keras.losses.categorical_generalized_cross_entropy", binary([](T y, T p, A a) {
         return losses::categorical_generalized_cross_entropy(y, p, number_of(a, "q", 0.5));
       })},
      {"keras.losses.circle", binary([](T y, T p, A a) {
         return losses::circle(y, p, {}, {}, flag_of(a, "remove_diagonal", true), number_of(a, "gamma", 80.0),
                               number_of(a, "margin", 0.4));
       })},
      {"keras.losses.dice", binary([](T y, T p, A a) { return losses::dice(y, p, axes(a)); })},
      {"keras.losses.tversky", binary([](T y, T p, A a) {
         return losses::tversky(y, p, number_of(a, "alpha", 0.5), number_of(a, "beta", 0.5), axes(a));
       })},
      {"keras.metrics.pearson_correlation", along(metrics::pearson_correlation)},
      {"keras.metrics.concordance_correlation", along(metrics::concordance_correlation)},
      {"keras.losses.mean_squared_error", plain(losses::mean_squared_error)},
      {"keras.losses.mean_absolute_error", plain(losses::mean_absolute_error)},
      {"keras.losses.binary_crossentropy", binary([](T y, T p, A a) {
         return losses::binary_crossentropy(y, p, flag_of(a, "from_logits", false),
                                            number_of(a, "label_smoothing", 0.0), integer_of(a, "axis", -1));
       })},
      {"keras.losses.categorical_crossentropy", binary([](T y, T p, A a) {
         return losses::categorical_crossentropy(y, p, flag_of(a, "from_logits", false),
                                                 number_of(a, "label_smoothing", 0.0), integer_of(a, "axis", -1));
       })},
      {"keras.losses.sparse_categorical_crossentropy", binary([](T y, T p, A a) {
         json ignored = a.value("ignore_class");
         return losses::sparse_categorical_crossentropy(
             y, p, flag_of(a, "from_logits", false),
             ignored.is_number() ? std::optional(ignored.get<int64_t>()) : std::nullopt, integer_of(a, "axis", -1));
       })},
      {"keras.metrics.binary_accuracy",
       binary([](T y, T p, A a) { return metrics::binary_accuracy(y, p, number_of(a, "threshold", 0.5)); })},
      {"keras.metrics.categorical_accuracy", plain(metrics::categorical_accuracy)},
      {"keras.metrics.sparse_categorical_accuracy", plain(metrics::sparse_categorical_accuracy)},
      {"keras.metrics.top_k_categorical_accuracy",
       binary([](T y, T p, A a) { return metrics::top_k_categorical_accuracy(y, p, integer_of(a, "k", 5)); })},
      {"keras.metrics.sparse_top_k_categorical_accuracy",
       binary([](T y, T p, A a) { return metrics::sparse_top_k_categorical_accuracy(y, p, integer_of(a, "k", 5)); })},
  };
  return table;
}

}  // namespace hornbeam::conformance
