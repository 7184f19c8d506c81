#include <hornbeam/layers/text_vectorization.h>

#include <algorithm>
#include <numeric>

#include "frontend/src/host_layer.h"
#include "frontend/src/layers/encode.h"
#include "frontend/src/layers/fields.h"
#include "frontend/src/layers/token_counts.h"

namespace hornbeam::layers {

static const Register<TextVectorization> registered{"TextVectorization", "keras.layers"};

namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("max_tokens", options.max_tokens);
  field("standardize", options.standardize);
  field("split", options.split);
  field("ngrams", options.ngrams);
  field("output_mode", options.output_mode);
  field("output_sequence_length", options.output_sequence_length);
  field("pad_to_max_tokens", options.pad_to_max_tokens);
  field("sparse", options.sparse);
  field("ragged", options.ragged);
  field("idf_weights", options.idf_weights);
  field("encoding", options.encoding);
};

TextVectorizationOptions checked(TextVectorizationOptions options) {
  auto fail = [](const std::string& text) { throw ValueError("[TextVectorization] " + text); };
  auto one_of = [&](const char* name, const std::optional<std::string>& value, std::vector<std::string> known) {
    if (value && std::find(known.begin(), known.end(), *value) == known.end())
      fail("Unknown value for `" + std::string(name) + "`: expected null or one of " + Config(known).to_json() +
           ". Received: " + name + "=" + *value);
  };
  one_of("standardize", options.standardize, {"lower_and_strip_punctuation", "lower", "strip_punctuation"});
  one_of("split", options.split, {"whitespace", "character"});
  if (options.output_mode == "binary") options.output_mode = "multi_hot";  // old names
  if (options.output_mode == "tf-idf") options.output_mode = "tf_idf";
  check_output_mode("TextVectorization", options.output_mode, {"int", "one_hot", "multi_hot", "count", "tf_idf"});
  if (options.output_mode != "int" && options.output_sequence_length)
    fail("`output_sequence_length` must not be set if `output_mode` is not 'int'. Received: output_sequence_length=" +
         std::to_string(*options.output_sequence_length));
  if (options.output_sequence_length && *options.output_sequence_length <= 0)
    fail("`output_sequence_length` must be positive. Received: output_sequence_length=" +
         std::to_string(*options.output_sequence_length));
  if (options.sparse || options.ragged)
    throw NotImplementedError("[TextVectorization] sparse=True and ragged=True are not available; outputs are dense.");
  if (options.output_mode == "one_hot" && (options.split || !options.ngrams.widths().empty()))
    throw NotImplementedError(
        "[TextVectorization] output_mode=\"one_hot\" of texts that are split gives a ragged result, which is not "
        "available. Use \"multi_hot\" or \"count\", or \"int\" and a CategoryEncoding layer.");
  return options;
}

StringLookup lookup_of(const TextVectorizationOptions& options) {
  return StringLookup({.max_tokens = options.max_tokens,
                       .mask_token = "",
                       .vocabulary = options.vocabulary,
                       .idf_weights = options.idf_weights,
                       .output_mode = options.output_mode,
                       .pad_to_max_tokens = options.pad_to_max_tokens,
                       .encoding = options.encoding});
}

}  // namespace

Ngrams::Ngrams(int64_t most) : most_(most) {
  if (most < 1)
    throw ValueError("[TextVectorization] `ngrams` must be positive. Received: ngrams=" + std::to_string(most));
  if (most > 1000)
    throw ValueError("[TextVectorization] `ngrams` is at most 1000. Received: ngrams=" + std::to_string(most));
  widths_.resize(static_cast<size_t>(most));
  std::iota(widths_.begin(), widths_.end(), 1);
}

Ngrams::Ngrams(std::vector<int64_t> widths) : widths_(std::move(widths)) {
  for (int64_t width : widths_)
    if (width < 1)
      throw ValueError("[TextVectorization] `ngrams` must be positive. Received: ngrams=" + Config(widths_).to_json());
}

Config Ngrams::config() const {
  if (most_) return *most_;
  return widths_.empty() ? Config() : Config(widths_);
}

Ngrams Ngrams::from_config(const Config& config) {
  if (config.is_null()) return {};
  if (config.is_int()) return config.as_int();
  std::vector<int64_t> widths;
  config.to(widths);
  return widths;
}

TextVectorization::TextVectorization(TextVectorizationOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable),
      options_(checked(std::move(options))),
      lookup_(lookup_of(options_)) {}

runtime::VectorizeOp TextVectorization::splitting() const {
  runtime::VectorizeOp op;
  op.lower = options_.standardize && *options_.standardize != "strip_punctuation";
  op.strip_punctuation = options_.standardize && *options_.standardize != "lower";
  op.split = options_.split.value_or("");
  op.ngrams = options_.ngrams.widths();
  op.sequence_length = options_.output_sequence_length;
  return op;
}

runtime::HostOp TextVectorization::host_op(bool in_model) const {
  runtime::VectorizeOp op = splitting();
  op.lookup = lookup_.lookup_op(in_model, name());
  return op;
}

runtime::HostOperation TextVectorization::host_operation(bool in_model) const {
  runtime::HostOperation& ready = lookup_.vocabulary_->ready[in_model];
  if (!ready.valid()) ready = runtime::HostOperation(host_op(in_model));
  return ready;
}

HostLayer::Type TextVectorization::host_type(const std::vector<Type>& inputs) const {
  check_strings(name(), inputs.at(0));
  std::vector<int64_t> dims = inputs[0].shape.dims();
  const bool splits = options_.split.has_value();
  if (splits && dims.size() > 1) {
    if (dims.back() != 1)
      throw ValueError(
          "When using `TextVectorization` to tokenize strings, the input rank must be 1 or the last shape dimension "
          "must be 1. Received: inputs.shape=" +
          inputs[0].shape.to_string() + ", for layer '" + name() + "'");
    dims.pop_back();
  }
  if (options_.output_mode != "int") {
    if (!splits && options_.ngrams.widths().empty())
      return {DType::float32, encoded_shape(options_.output_mode, inputs[0].shape, lookup_.depth())};
    return {DType::float32, {dims.empty() ? 1 : dims[0], lookup_.depth()}};
  }
  const bool same = !splits && options_.ngrams.widths().empty() && !options_.output_sequence_length;
  if (!splits && !same && !dims.empty()) dims.pop_back();
  if (!same) dims.push_back(options_.output_sequence_length.value_or(kUnknown));
  return {DType::int64, Shape(dims)};
}

Tensor TextVectorization::call(const Tensor& x, const CallArgs&) { return call_on_host(*this, name(), x); }

void TextVectorization::adapt(const Array& data) {
  TokenCounts counts;
  int64_t documents = 0;
  runtime::visit_words(splitting(), data, [&](int64_t row, std::string_view word) { counts.add(row, word); });
  const Shape& shape = data.shape();
  documents = shape.empty() ? 1 : shape[0];
  counts.set_documents(documents);
  lookup_.learn(counts);
}

void TextVectorization::set_vocabulary(const std::vector<std::string>& vocabulary,
                                       const std::vector<double>& idf_weights) {
  lookup_.set_vocabulary(vocabulary, idf_weights);
}

std::vector<std::string> TextVectorization::get_vocabulary(bool include_special_tokens) const {
  return lookup_.get_vocabulary(include_special_tokens);
}

int64_t TextVectorization::vocabulary_size() const { return lookup_.vocabulary_size(); }

Config TextVectorization::config() const {
  Config config = with_fields(base_config(), options_, kFields);
  config["vocabulary"] = options_.vocabulary;
  config["vocabulary_size"] = std::max(vocabulary_size(), lookup_.vocabulary_->size.value_or(0));
  return config;
}

TextVectorization TextVectorization::from_config(const Config& config) {
  auto options = options_from<TextVectorizationOptions>(config, kFields);
  if (const Config* vocabulary = config.find("vocabulary"); vocabulary && vocabulary->is_string())
    throw ValueError("[TextVectorization] A vocabulary is a list of strings; files that a config names are not opened. "
                     "Received: vocabulary=" + vocabulary->to_json());
  config.read("vocabulary", options.vocabulary);
  TextVectorization layer(std::move(options));
  if (!layer.lookup_.vocabulary_->size) {
    std::optional<int64_t> size;
    config.read("vocabulary_size", size);
    // What Keras writes for a layer that never learned is the size without any token.
    if (size && *size > layer.lookup_.first_number()) layer.lookup_.vocabulary_->size = size;
  }
  return layer;
}

}  // namespace hornbeam::layers
