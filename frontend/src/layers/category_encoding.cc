#include <hornbeam/layers/category_encoding.h>

#include <hornbeam/ops/elementwise.h>

#include "frontend/src/layers/encode.h"
#include "frontend/src/layers/fields.h"
#include "frontend/src/layers/windows.h"

namespace hornbeam::layers {

static const Register<CategoryEncoding> registered{"CategoryEncoding", "keras.layers"};

namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("num_tokens", options.num_tokens);
  field("output_mode", options.output_mode);
};

}  // namespace

CategoryEncoding::CategoryEncoding(CategoryEncodingOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  check_positive("CategoryEncoding", "num_tokens", options_.num_tokens);
  if (options_.output_mode == "binary") options_.output_mode = "multi_hot";  // its old name
  check_output_mode("CategoryEncoding", options_.output_mode, {"multi_hot", "one_hot", "count"});
  if (options_.sparse) throw NotImplementedError("[CategoryEncoding] sparse=True is not available. Use sparse=False.");
}

Tensor CategoryEncoding::call(const Tensor& x, const CallArgs& args) {
  Tensor weights;
  if (auto given = args.tensors.find("count_weights"); given != args.tensors.end()) {
    if (options_.output_mode != "count")
      throw ValueError(
          "[CategoryEncoding] `count_weights` is not used when `output_mode` is not \"count\". Received: "
          "output_mode=" +
          options_.output_mode);
    weights = given->second.single();
  }
  return encode(is_integer(x.dtype()) ? x : ops::cast(x, DType::int32), options_.output_mode, options_.num_tokens,
                compute_dtype(), weights);
}

Config CategoryEncoding::config() const { return with_fields(base_config(), options_, kFields); }

CategoryEncoding CategoryEncoding::from_config(const Config& config) {
  return CategoryEncoding(options_from<CategoryEncodingOptions>(config, kFields));
}

}  // namespace hornbeam::layers
