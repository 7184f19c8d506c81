#include "frontend/src/host_layer.h"

#include <algorithm>
#include <atomic>

#include "frontend/src/tensor_impl.h"
#include "frontend/src/trace/trace.h"

namespace hornbeam {
namespace {

// While types are inferred every size is a number, and one that differs from run to run stands for an unknown one.
int64_t unknown_size() {
  static std::atomic<int64_t> count{0};
  return 3 + count++ % 100000;
}

}  // namespace

bool runs_now(const layers::HostLayer* layer, const Tensors& inputs) {
  return layer && !inputs.empty() &&
         std::all_of(inputs.begin(), inputs.end(), [](const Tensor& x) { return x.valid() && x.is_concrete(); });
}

Tensor call_on_host(const layers::HostLayer& layer, const std::string& name, const Tensors& inputs) {
  if (runs_now(&layer, inputs)) {
    std::vector<Array> arrays;
    for (const Tensor& input : inputs) arrays.push_back(input.array());
    return layer.host_operation(false).run(arrays);
  }
  std::vector<layers::HostLayer::Type> types;
  for (const Tensor& input : inputs) {
    if (input.impl()->value)
      throw ValueError("Layer '" + name +
                       "' works on the host and cannot stand between compiled layers. Give it an Input of the model, or "
                       "let it come last.");
    types.push_back({input.dtype(), input.shape()});
  }
  layers::HostLayer::Type type = layer.host_type(types);
  for (int64_t i = 0; i < type.shape.rank(); ++i)
    if (type.shape[i] == kUnknown) type.shape[i] = unknown_size();
  return trace::Trace::placeholder(type.dtype, type.shape);
}

void check_strings(const std::string& name, const layers::HostLayer::Type& input) {
  if (input.dtype != DType::string)
    throw TypeError("Layer '" + name + "' takes strings. Received: a tensor of " + std::string(name_of(input.dtype)) +
                    " of shape " + input.shape.to_string() + ". Make its Input with .dtype = DType::string.");
}

Shape encoded_shape(const std::string& mode, const Shape& numbers, int64_t depth) {
  if (mode == "int") return numbers;
  std::vector<int64_t> dims = numbers.empty() ? std::vector<int64_t>{1} : numbers.dims();
  if (mode == "one_hot") {
    if (dims.size() > 1 && dims.back() == 1) dims.pop_back();
  } else {
    dims.erase(dims.begin() + (dims.size() > 1 ? 1 : 0));
  }
  dims.push_back(depth);
  return Shape(dims);
}

}  // namespace hornbeam
