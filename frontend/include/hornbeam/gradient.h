// Gradients: for train steps, training loops and layers of one's own, and what fit itself uses. They nest: a gradient of a
// function that takes a gradient is a second derivative. Outside of a trace they work on concrete tensors.
//
//   auto [loss, aux, grads] = hb::value_and_grad([&] { return loss_of(model(x, {.training = true})); },
//                                                model.trainable_weights());
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
// passed on as aux. Variables that the function assigns keep their new values, and tensors that it writes to variables of
// the surrounding C++ code can be used afterwards. What does not depend on a `wrt` has gradient 0.
Gradient value_and_grad(const std::function<std::vector<Tensor>()>& function, const std::vector<Variable>& wrt);
// The same for tensors: the function gets them as arguments.
Gradient value_and_grad(const std::function<std::vector<Tensor>(const std::vector<Tensor>&)>& function,
                        const std::vector<Tensor>& wrt);
// Of functions that give nothing but the scalar.
Gradient value_and_grad(const std::function<Tensor()>& function, const std::vector<Variable>& wrt);
Gradient value_and_grad(const std::function<Tensor(const std::vector<Tensor>&)>& function, const std::vector<Tensor>& wrt);
// Gradients alone.
std::vector<Tensor> grad(const std::function<Tensor()>& function, const std::vector<Variable>& wrt);
std::vector<Tensor> grad(const std::function<Tensor(const std::vector<Tensor>&)>& function, const std::vector<Tensor>& wrt);

}  // namespace hornbeam
