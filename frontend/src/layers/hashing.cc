#include <hornbeam/layers/hashing.h>

#include <algorithm>

#include "frontend/src/host_layer.h"
#include "frontend/src/layers/encode.h"
#include "frontend/src/layers/fields.h"

namespace hornbeam::layers {

static const Register<Hashing> registered{"Hashing", "keras.layers"};

namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("num_bins", options.num_bins);
  field("salt", options.salt);
  field("output_mode", options.output_mode);
  field("sparse", options.sparse);
};

DTypePolicy policy_of(const HashingOptions& options) {
  if (options.dtype) return *options.dtype;
  return options.output_mode == "int" ? DTypePolicy("int64") : DTypePolicy();
}

}  // namespace

Hashing::Hashing(HashingOptions options)
    : UnaryLayerOf(options.name, policy_of(options), options.trainable), options_(std::move(options)) {
  auto fail = [](const std::string& text) { throw ValueError("[Hashing] " + text); };
  if (options_.num_bins <= 0)
    fail("The `num_bins` for `Hashing` cannot be `None` or non-positive values. Received: num_bins=" +
         std::to_string(options_.num_bins));
  check_output_mode("Hashing", options_.output_mode, {"int", "one_hot", "multi_hot", "count"});
  if (options_.output_mode == "int" && compute_dtype() != DType::int32 && compute_dtype() != DType::int64)
    fail("When `output_mode=\"int\"`, `dtype` should be an integer type, 'int32' or 'int64'. Received: dtype=" +
         dtype_policy().name());
  const Config& mask = options_.mask_value;
  if (!mask.is_null() && !mask.is_string() && !mask.is_number())
    fail("`mask_value` is a string or a number. Received: mask_value=" + mask.to_json());
  if (options_.sparse) throw NotImplementedError("[Hashing] sparse=True is not available. Use sparse=False.");
}

runtime::HostOp Hashing::host_op(bool) const {
  runtime::HashOp op{.num_bins = options_.num_bins, .salt = options_.salt.key()};
  const Config& mask = options_.mask_value;
  if (!mask.is_null()) op.mask = mask.is_string() ? mask.as_string() : mask.to_json();
  op.encoding = {.mode = options_.output_mode, .depth = options_.num_bins, .dtype = compute_dtype()};
  return op;
}

HostLayer::Type Hashing::host_type(const std::vector<Type>& inputs) const {
  return {compute_dtype(), encoded_shape(options_.output_mode, inputs.at(0).shape, options_.num_bins)};
}

Tensor Hashing::call(const Tensor& x, const CallArgs&) {
  const Config& mask = options_.mask_value;
  const bool strings = x.dtype() == DType::string;
  if (!mask.is_null() && mask.is_string() != strings)
    throw TypeError("Layer '" + name() + "' has mask_value=" + mask.to_json() + ", which is never equal to an input of " +
                    std::string(name_of(x.dtype())) + ".");
  return call_on_host(*this, name(), x);
}

Config Hashing::config() const {
  Config config = with_fields(base_config(), options_, kFields);
  config["mask_value"] = options_.mask_value;
  return config;
}

Hashing Hashing::from_config(const Config& config) {
  auto options = options_from<HashingOptions>(config, kFields);
  if (const Config* mask = config.find("mask_value")) options.mask_value = *mask;
  return Hashing(std::move(options));
}

}  // namespace hornbeam::layers
