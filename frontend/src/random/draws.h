// What the distributions are made from.
#pragma once

#include <hornbeam/random/distributions.h>

#include <functional>
#include <vector>

#include "frontend/src/ops/apply.h"

namespace hornbeam::random {

// So many tensors of uniform numbers in [0, 1).
std::vector<Tensor> draws(int64_t number, const Shape& shape, const Tensor& seed);
// Standard normal numbers from two tensors of uniform ones: Box and Muller's pairs, the cosines.
Tensor standard_normal(const Tensor& first, const Tensor& second);
// Throws ValueError unless it is.
void check_float(const char* name, DType dtype);

// Runs a distribution as one op: body(inputs, seed).
template <class F>
Tensor drawn(const char* keras_name, std::vector<Tensor> inputs, const Seed& seed, F body) {
  inputs.push_back(seed.next());
  return ops::apply(keras_name, inputs, Config::object(), [body = std::move(body)](const std::vector<Tensor>& x) {
    return body(std::vector<Tensor>(x.begin(), x.end() - 1), x.back());
  });
}

}  // namespace hornbeam::random
