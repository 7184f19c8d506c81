// Loops and branches inside a program; names and arguments as keras.ops. Their bodies are traced (more than once), so they
// must be made of ops, and change nothing outside but variables.
#pragma once

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include <hornbeam/tensor.h>

namespace hornbeam::ops {

// f(carry, slice) → {new carry, output}, for the slices of xs along axis 0 in order (the last first with `reverse`).
// Returns {last carry, outputs stacked along axis 0}; outputs stand at their slices' places. Without xs, `length` says how
// often f runs, and its second argument is none. unroll is taken as Keras takes it and changes nothing here. The carry
// must keep its shapes and dtypes (ValueError).
std::pair<Tensors, Tensors> scan(const std::function<std::pair<Tensors, Tensors>(const Tensors&, const Tensors&)>& f,
                                 const Tensors& init, const Tensors& xs = {}, std::optional<int64_t> length = {},
                                 bool reverse = false, int64_t unroll = 1);

// body(i, value) for i = lower, …, upper - 1; the value keeps its shapes and dtypes.
Tensors fori_loop(int64_t lower, int64_t upper, const std::function<Tensors(const Tensor& i, const Tensors& value)>& body,
                  const Tensors& init_val);

// body(vars) as long as cond(vars) is true, at most maximum_iterations times. It has no gradient.
Tensors while_loop(const std::function<Tensor(const Tensors&)>& cond, const std::function<Tensors(const Tensors&)>& body,
                   const Tensors& loop_vars, std::optional<int64_t> maximum_iterations = {});

// What one of two functions returns; both must return tensors of the same shapes and dtypes. Only one is computed. On
// symbolic tensors the functions may use any that are there, and call layers, whose weights become the model's.
Tensors cond(const Tensor& pred, const std::function<Tensors()>& true_fn, const std::function<Tensors()>& false_fn);

// f of every slice along axis 0, one after another, the results stacked.
Tensors map(const std::function<Tensors(const Tensors&)>& f, const Tensors& xs);

}  // namespace hornbeam::ops
