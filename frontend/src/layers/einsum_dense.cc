#include <hornbeam/layers/einsum_dense.h>

#include <algorithm>
#include <map>

#include <hornbeam/ops/einsum.h>
#include <hornbeam/ops/elementwise.h>

#include "frontend/src/layers/activation_part.h"
#include "frontend/src/layers/checks.h"
#include "frontend/src/layers/fields.h"
#include "frontend/src/layers/lora.h"
#include "frontend/src/mask.h"

namespace hornbeam::layers {

static const Register<EinsumDense> registered{"EinsumDense", "keras.layers"};

namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("equation", options.equation);
  field("output_shape", options.output_shape);
  field("activation", options.activation);
  field("bias_axes", options.bias_axes);
  field("kernel_initializer", options.kernel_initializer);
  field("bias_initializer", options.bias_initializer);
  field("kernel_regularizer", options.kernel_regularizer);
  field("bias_regularizer", options.bias_regularizer);
  field("activity_regularizer", options.activity_regularizer);
  field("kernel_constraint", options.kernel_constraint);
  field("bias_constraint", options.bias_constraint);
};

// The letters of an equation, and on which side of input and output "..." stands.
struct Parts {
  std::string input, kernel, output;
  bool left = false, right = false;
};

bool take(std::string& text, const std::string& what, bool front) {
  if (front ? !text.starts_with(what) : !text.ends_with(what)) return false;
  text.erase(front ? 0 : text.size() - what.size(), what.size());
  return true;
}

Parts split(const std::string& equation) {
  size_t comma = equation.find(','), arrow = equation.find("->");
  Parts parts;
  bool right = comma != std::string::npos && arrow != std::string::npos && comma < arrow;
  if (right) {
    parts = {equation.substr(0, comma), equation.substr(comma + 1, arrow - comma - 1), equation.substr(arrow + 2)};
    parts.left = take(parts.input, "...", true);
    right = parts.left == take(parts.output, "...", true);
    parts.right = !parts.left && take(parts.input, "...", false);
    right &= parts.left || parts.right == take(parts.output, "...", false);
    for (const std::string& term : {parts.input, parts.kernel, parts.output}) {
      right &= !term.empty();
      for (char c : term) right &= std::isalpha(static_cast<unsigned char>(c)) != 0;
    }
  }
  if (!right)
    throw ValueError("[EinsumDense] Invalid einsum equation '" + equation +
                     "'. Equations must be in the form [X],[Y]->[Z], ...[X],[Y]->...[Z], or [X]...,[Y]->[Z]....");
  return parts;
}

// Initializers that scale with fans are told which axes of the kernel are summed over and which are made.
Initializer by_fans(const Initializer& initializer, const std::string& kernel, const std::string& output) {
  Config described = initializer.config();
  const Config* options = described.find("config");
  const Config* given = options ? options->find("input_axes") : nullptr;
  if (!given || !(given->is_null() || options->at("output_axes").is_null())) return initializer;
  std::vector<int64_t> input_axes, output_axes;
  for (size_t i = 0; i < kernel.size(); ++i)
    (output.find(kernel[i]) == std::string::npos ? input_axes : output_axes).push_back(static_cast<int64_t>(i));
  Config changed = *options;
  changed["input_axes"] = input_axes;
  changed["output_axes"] = output_axes;
  described["config"] = changed;
  return Initializer(described);
}

}  // namespace

EinsumDense::EinsumDense(EinsumDenseOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  track_activation(*this, options_.activation);
  split(options_.equation);  // throws if it cannot be read
  check_lora("EinsumDense", options_.lora_rank, options_.kernel_constraint);
}

void EinsumDense::check_input(const Shape& input) const {
  if (kernel_ && input.rank() != build_shapes().single().rank())
    check_rank(*this, input, build_shapes().single().rank());
}

void EinsumDense::build(const Shape& input) {
  const Parts parts = split(options_.equation);
  auto fail = [&](const std::string& text) {
    throw ValueError("[EinsumDense] " + text + " Received: equation='" + options_.equation +
                     "', output_shape=" + options_.output_shape.to_string() + ", input of shape " + input.to_string() +
                     ", for layer '" + name() + "'");
  };
  const auto hidden = input.rank() - static_cast<int64_t>(parts.input.size());
  if (hidden < 0 || (hidden > 0 && !parts.left && !parts.right))
    fail("The equation does not name the axes of the input.");
  // Sizes by letter: the input's, then those that output_shape adds. A hidden batch axis is no letter.
  std::map<char, int64_t> sizes;
  for (size_t i = 0; i < parts.input.size(); ++i)
    sizes[parts.input[i]] = input[static_cast<int64_t>(i) + (parts.left ? hidden : 0)];
  const bool batch_hidden = parts.left && hidden > 0;
  std::string named = parts.output.substr(batch_hidden ? 0 : 1);
  if (static_cast<int64_t>(named.size()) != options_.output_shape.rank())
    fail("`output_shape` must have one size for each axis of the output that the equation names, without the batch.");
  for (size_t i = 0; i < named.size(); ++i) {
    int64_t given = options_.output_shape[static_cast<int64_t>(i)];
    auto [at, added] = sizes.emplace(named[i], given);
    if (!added && given >= 0 && at->second >= 0 && at->second != given)
      fail("Input shape and output shape do not match at shared dimension '" + std::string(1, named[i]) + "'.");
    if (!added && at->second < 0) at->second = given;
  }
  for (char letter : parts.output)
    if (parts.input.find(letter) == std::string::npos && parts.kernel.find(letter) == std::string::npos)
      fail("Dimension '" + std::string(1, letter) + "' of the output is neither in the input nor in the kernel.");
  Shape kernel;
  for (char letter : parts.kernel) {
    auto at = sizes.find(letter);
    if (at == sizes.end())
      fail("Dimension '" + std::string(1, letter) + "' of the kernel is neither in the input nor in the output.");
    if (at->second < 0) fail("The size of '" + std::string(1, letter) + "' must be known before the layer is built.");
    kernel.push_back(at->second);
  }
  kernel_ = add_weight({.name = "kernel",
                        .shape = kernel,
                        .initializer = by_fans(options_.kernel_initializer, parts.kernel, parts.output),
                        .regularizer = options_.kernel_regularizer,
                        .constraint = options_.kernel_constraint});
  if (options_.bias_axes) {
    size_t first = parts.output.size();
    for (char letter : *options_.bias_axes) {
      if (parts.output.find(letter) == std::string::npos)
        fail("Bias dimension '" + std::string(1, letter) + "' is not part of the output.");
      first = std::min(first, parts.output.find(letter));
    }
    Shape bias;
    for (size_t i = first; i < parts.output.size(); ++i)
      bias.push_back(options_.bias_axes->find(parts.output[i]) == std::string::npos ? 1 : sizes[parts.output[i]]);
    if (!parts.left)
      for (int64_t i = 0; i < hidden; ++i) bias.push_back(1);
    bias_ = add_weight({.name = "bias",
                        .shape = bias,
                        .initializer = options_.bias_initializer,
                        .regularizer = options_.bias_regularizer,
                        .constraint = options_.bias_constraint});
  }
  if (!options_.lora_rank) return;
  Shape a = kernel, b{*options_.lora_rank, kernel[-1]};
  a[-1] = *options_.lora_rank;
  lora_kernel_a_ = add_weight({.name = "lora_kernel_a",
                               .shape = a,
                               .initializer = "he_uniform",
                               .dtype = DType::float32,
                               .regularizer = options_.kernel_regularizer});
  lora_kernel_b_ = add_weight({.name = "lora_kernel_b",
                               .shape = b,
                               .initializer = "zeros",
                               .dtype = DType::float32,
                               .regularizer = options_.kernel_regularizer});
  kernel_.set_trainable(false);
}

Tensor EinsumDense::call(const Tensor& x, const CallArgs& args) {
  Tensor kernel = kernel_;
  if (options_.lora_rank)
    kernel = lora_sum(kernel, lora_kernel_a_, lora_kernel_b_, *options_.lora_rank, options_.lora_alpha);
  Tensor y = ops::einsum(options_.equation, {x, kernel});
  if (bias_) y = y + bias_;
  return with_mask(options_.activation(y), args.mask);
}

Config EinsumDense::config() const {
  Config config = with_fields(base_config(), options_, kFields);
  config["quantization_config"] = nullptr;
  add_lora(config, options_.lora_rank, options_.lora_alpha);
  return config;
}

EinsumDense EinsumDense::from_config(const Config& config) {
  auto options = options_from<EinsumDenseOptions>(config, kFields);
  config.read("lora_rank", options.lora_rank);
  config.read("lora_alpha", options.lora_alpha);
  return EinsumDense(std::move(options));
}

}  // namespace hornbeam::layers
