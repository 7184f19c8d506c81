// Ops and layers on concrete tensors: the function is traced, compiled and run; programs are kept by their text.
#pragma once

#include <functional>
#include <vector>

#include <hornbeam/layer.h>
#include <hornbeam/tensor.h>

namespace hornbeam {

// Runs `function` on concrete tensors. `layer`: its variables are arguments, too, and what the call assigns is kept.
std::vector<Tensor> run_eagerly(const std::vector<Tensor>& inputs,
                                const std::function<std::vector<Tensor>(const std::vector<Tensor>&)>& function,
                                const Layer* layer = nullptr);

// The same for a function that uses variables of its own choice: they are found by running it on types first.
std::vector<Tensor> run_eagerly_with_variables(
    const std::vector<Tensor>& inputs, const std::function<std::vector<Tensor>(const std::vector<Tensor>&)>& function);

// Lets all programs go that were kept.
void forget_programs();

}  // namespace hornbeam
