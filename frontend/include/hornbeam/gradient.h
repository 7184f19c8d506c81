// Gradients inside a trace: for users' own train steps and layers, and what fit itself uses.
#pragma once

#include <functional>
#include <vector>

#include <hornbeam/tensor.h>
#include <hornbeam/variable.h>

namespace hornbeam {

struct Gradient {
  Tensor value;                // the scalar
  std::vector<Tensor> aux;     // what else the function gave
  std::vector<Tensor> grads;   // d value / d wrt[i]
};

// Runs `function`, whose first result is a float scalar, and differentiates that by each of `wrt`. Further results are
// passed on as aux. Variables that the function assigns keep their new values.
Gradient value_and_grad(const std::function<std::vector<Tensor>()>& function, const std::vector<Variable>& wrt);
// The same for tensors: the function gets them as arguments.
Gradient value_and_grad(const std::function<std::vector<Tensor>(const std::vector<Tensor>&)>& function,
                        const std::vector<Tensor>& wrt);
// Gradients alone.
std::vector<Tensor> grad(const std::function<Tensor(const std::vector<Tensor>&)>& function, const std::vector<Tensor>& wrt);

}  // namespace hornbeam
