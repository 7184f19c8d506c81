// Losses: written in ops, one value a sample, then reduced.
// (Source of the base: src/losses/loss.cc.)
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <hornbeam/dtype_policy.h>
#include <hornbeam/registry.h>
#include <hornbeam/tensor.h>

namespace hornbeam {
namespace losses {

// Derive, override call (and config), give a static from_config, and register the class.
class Loss {
 public:
  using Base = Loss;
  static constexpr Kind kKind = Kind::loss;
  virtual ~Loss() = default;

  // One value a sample: y_true and y_pred's shape without the axes that the loss sums over.
  virtual Tensor call(const Tensor& y_true, const Tensor& y_pred) const = 0;
  // Which of `call`'s values count, as booleans of their shape; not valid: all. For losses that ignore some samples.
  virtual Tensor valid(const Tensor& y_true, const Tensor& y_pred) const { return {}; }
  // Casts both to the dtype, makes y_true's rank y_pred's where one has a last axis of 1 (squeeze_or_expand_to_same_rank),
  // then `call`, times sample_weight (broadcast over missing trailing axes), then the reduction:
  // "sum_over_batch_size" (by the number of elements), "sum", "mean" , "mean_with_sample_weight", "none".
  // `mask`: the mask of y_pred; what it leaves out has no weight, and does not count in a mean.
  Tensor operator()(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight = {},
                    const Tensor& mask = {}) const;

  const std::string& name() const { return name_; }
  const std::string& reduction() const { return reduction_; }
  DType dtype() const { return dtype_.compute_dtype(); }
  virtual Config config() const;  // name, reduction, dtype as Keras

  // A LossFunctionWrapper with its defaults: what `compile({.loss = my_function})` means.
  static std::shared_ptr<Loss> from_function(std::function<Tensor(const Tensor& y_true, const Tensor& y_pred)> fn);

 protected:
  // Throws ValueError for an unknown reduction.
  Loss(std::string name, std::string reduction, DTypePolicy dtype);

 private:
  std::string name_;
  std::string reduction_;
  DTypePolicy dtype_;
};

// keras.src.losses.loss.reduce_weighted_values: values times weights (valid() or not), reduced. Under a mean the weights of
// a mask's valid elements are scaled by total / valid, so that the result is the mean over the valid ones.
Tensor reduce_weighted_values(const Tensor& values, const Tensor& sample_weight, const std::string& reduction,
                              const Tensor& mask = {});

}  // namespace losses

using Loss = Handle<losses::Loss>;

}  // namespace hornbeam
