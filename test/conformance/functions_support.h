// Runs C++ code that calls ops on arrays, by each of Hornbeam's ways.
#pragma once

#include <hornbeam/base/array.h>
#include <hornbeam/tensor.h>
#include <hornbeam/variable.h>

#include <functional>
#include <string>
#include <vector>

namespace hornbeam::conformance {

enum class Path : uint8_t {
  reference,  // traced, gradients expanded, evaluated op by op
  compiled,   // traced and compiled to native code
};
std::string name_of(Path path);
// The paths that the tests take: both, or the one that HORNBEAM_PATH names ("reference", "compiled").
std::vector<Path> paths();

using Function = std::function<Tensors(const Tensors&)>;

struct Ran {
  std::vector<Array> outputs;  // flat
  std::vector<Array> losses;   // what layers added with add_loss
};

// Runs `function` on the inputs. What it assigns to `variables` is written back to them.
Ran run(Path path, const Function& function, const Arrays& inputs, const std::vector<Variable>& variables = {});

// The gradients of sum_i sum(y_i * dy_i), y_i being the function's float outputs: by each input that `wanted` names,
// then by each variable of `by`. Nothing is written back.
std::vector<Array> gradients(Path path, const Function& function, const Arrays& inputs,
                             const std::vector<size_t>& wanted, const std::vector<Array>& dy,
                             const std::vector<Variable>& variables = {}, const std::vector<Variable>& by = {});

}  // namespace hornbeam::conformance
