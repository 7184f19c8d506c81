#include <hornbeam/layers/hashed_crossing.h>

#include "frontend/src/host_layer.h"
#include "frontend/src/layers/encode.h"
#include "frontend/src/layers/fields.h"

namespace hornbeam::layers {

static const Register<HashedCrossing> registered{"HashedCrossing", "keras.layers"};

namespace {

DTypePolicy policy_of(const HashedCrossingOptions& options) {
  if (options.dtype) return *options.dtype;
  return options.output_mode == "int" ? DTypePolicy("int64") : DTypePolicy();
}

}  // namespace

HashedCrossing::HashedCrossing(HashedCrossingOptions options)
    : LayerOf(options.name, policy_of(options)), options_(std::move(options)) {
  if (options_.num_bins <= 0)
    throw ValueError("[HashedCrossing] `num_bins` must be positive. Received: num_bins=" +
                     std::to_string(options_.num_bins));
  check_output_mode("HashedCrossing", options_.output_mode, {"int", "one_hot"});
  if (options_.sparse) throw NotImplementedError("[HashedCrossing] sparse=True is not available. Use sparse=False.");
}

void HashedCrossing::check_input(const Shapes& inputs) const {
  if (inputs.size() < 2)
    throw ValueError("`HashedCrossing` should be called on at least two inputs. Received: " +
                     std::to_string(inputs.size()) + " inputs, for layer '" + name() + "'");
  for (const Shape& shape : inputs) {
    if (shape.rank() > 2 || (shape.rank() == 2 && shape[1] != 1))
      throw ValueError(
          "All `HashedCrossing` inputs should have shape `()`, `(batch_size)` or `(batch_size, 1)`. Received: shape " +
          shape.to_string() + ", for layer '" + name() + "'");
    if (shape.rank() != inputs[0].rank())
      throw ValueError("All `HashedCrossing` inputs should have equal shape. Received: " + inputs[0].to_string() +
                       " and " + shape.to_string() + ", for layer '" + name() + "'");
  }
}

runtime::HostOp HashedCrossing::host_op(bool) const {
  runtime::CrossOp op{.num_bins = options_.num_bins};
  op.encoding = {.mode = options_.output_mode, .depth = options_.num_bins, .dtype = compute_dtype()};
  return op;
}

HostLayer::Type HashedCrossing::host_type(const std::vector<Type>& inputs) const {
  for (const Type& input : inputs)
    if (!is_integer(input.dtype) && input.dtype != DType::string)
      throw ValueError("All `HashedCrossing` inputs should have an integer or string dtype. Received: " +
                       std::string(name_of(input.dtype)) + ", for layer '" + name() + "'");
  return {compute_dtype(), encoded_shape(options_.output_mode, inputs.at(0).shape, options_.num_bins)};
}

Tensors HashedCrossing::call(const Tensors& inputs, const CallArgs&) { return call_on_host(*this, name(), inputs); }

Config HashedCrossing::config() const {
  return Config::object({{"num_bins", options_.num_bins},
                         {"output_mode", options_.output_mode},
                         {"sparse", options_.sparse},
                         {"name", name()},
                         {"dtype", dtype_policy().name()}});
}

HashedCrossing HashedCrossing::from_config(const Config& config) {
  HashedCrossingOptions options;
  config.read("num_bins", options.num_bins);
  config.read("output_mode", options.output_mode);
  config.read("sparse", options.sparse);
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  return HashedCrossing(std::move(options));
}

}  // namespace hornbeam::layers
