#include <hornbeam/layers/string_lookup.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <unordered_set>

#include "frontend/src/host_layer.h"
#include "frontend/src/layers/encode.h"
#include "frontend/src/layers/fields.h"
#include "frontend/src/layers/token_counts.h"

namespace hornbeam::layers {

static const Register<StringLookup> registered{"StringLookup", "keras.layers"};

namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("invert", options.invert);
  field("max_tokens", options.max_tokens);
  field("num_oov_indices", options.num_oov_indices);
  field("oov_token", options.oov_token);
  field("mask_token", options.mask_token);
  field("output_mode", options.output_mode);
  field("sparse", options.sparse);
  field("pad_to_max_tokens", options.pad_to_max_tokens);
  field("idf_weights", options.idf_weights);
  field("salt", options.salt);
  field("encoding", options.encoding);
};

// Lines without their ends; empty ones at the end are none, as Keras reads them. A text from anyone is given up as soon as
// a line comes twice that `may_repeat` is not, so that many short lines do not become much memory.
std::vector<std::string> lines_of(std::string_view text, std::string_view may_repeat, int64_t most_repeats) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  std::vector<std::string> lines;
  std::unordered_set<std::string_view> seen;
  for (size_t begin = 0; begin <= text.size() && !text.empty();) {
    size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = text.substr(begin, end - begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!seen.insert(line).second && (line != may_repeat || --most_repeats <= 0))
      throw ValueError("[StringLookup] The passed vocabulary has at least one repeated term, in line " +
                       std::to_string(lines.size() + 1) + ". Please uniquify your dataset.");
    lines.emplace_back(line);
    begin = end + 1;
  }
  return lines;
}

}  // namespace

StringLookup::StringLookup(StringLookupOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  auto fail = [](const std::string& text) { throw ValueError("[StringLookup] " + text); };
  if (options_.max_tokens && *options_.max_tokens <= 1)
    fail("If set, `max_tokens` must be greater than 1. Received: max_tokens=" + std::to_string(*options_.max_tokens));
  if (options_.pad_to_max_tokens && !options_.max_tokens)
    fail("If pad_to_max_tokens is true, `max_tokens` must be set.");
  if (options_.num_oov_indices < 0)
    fail("`num_oov_indices` must be greater than or equal to 0. Received: num_oov_indices=" +
         std::to_string(options_.num_oov_indices));
  if (options_.output_mode == "binary") options_.output_mode = "multi_hot";  // old names
  if (options_.output_mode == "tf-idf") options_.output_mode = "tf_idf";
  check_output_mode("StringLookup", options_.output_mode, {"int", "one_hot", "multi_hot", "count", "tf_idf"});
  if (options_.invert && options_.output_mode != "int")
    fail("`output_mode` must be \"int\" when `invert` is true. Received: output_mode=" + options_.output_mode);
  if (options_.idf_weights && options_.output_mode != "tf_idf")
    fail("`idf_weights` should only be set if `output_mode` is \"tf_idf\". Received: output_mode=" +
         options_.output_mode);
  if (options_.sparse) throw NotImplementedError("[StringLookup] sparse=True is not available. Use sparse=False.");
  if (options_.encoding != "utf-8")
    throw NotImplementedError("[StringLookup] Only the encoding \"utf-8\" is available. Received: encoding=" +
                              options_.encoding);
  if (options_.vocabulary) {
    if (options_.output_mode == "tf_idf" && !options_.idf_weights)
      fail("When specifying the `vocabulary` argument, in TF-IDF output mode, the `idf_weights` argument must also be "
           "provided.");
    set_vocabulary(*options_.vocabulary, options_.idf_weights.value_or(std::vector<double>()));
  }
}

std::vector<std::string> StringLookup::special_tokens() const {
  std::vector<std::string> tokens(static_cast<size_t>(first_number()), options_.oov_token);
  if (oov_start() == 1) tokens[0] = *options_.mask_token;
  return tokens;
}

std::vector<std::string> StringLookup::get_vocabulary(bool include_special_tokens) const {
  std::vector<std::string> tokens = include_special_tokens ? special_tokens() : std::vector<std::string>();
  tokens.insert(tokens.end(), vocabulary_->tokens.begin(), vocabulary_->tokens.end());
  return tokens;
}

int64_t StringLookup::vocabulary_size() const {
  return first_number() + static_cast<int64_t>(vocabulary_->tokens.size());
}

int64_t StringLookup::depth() const {
  if (options_.output_mode == "int") return 0;
  if (options_.pad_to_max_tokens) return *options_.max_tokens;
  if (!vocabulary_->size)
    throw ValueError("When using `output_mode=" + options_.output_mode +
                     "` and `pad_to_max_tokens=False`, you must set the layer's vocabulary before calling it. Either "
                     "pass a `vocabulary` argument to the layer '" + name() + "', or call `adapt` with some sample data.");
  return *vocabulary_->size;
}

void StringLookup::take(std::vector<std::string> tokens, std::vector<float> weights) {
  const int64_t size = first_number() + static_cast<int64_t>(tokens.size());
  const bool fixed = options_.output_mode != "int" && !options_.pad_to_max_tokens;
  if (fixed && !vocabulary_->tokens.empty() && vocabulary_->size && *vocabulary_->size != size)
    throw ValueError("When using `output_mode=" + options_.output_mode +
                     "` and `pad_to_max_tokens=False`, the vocabulary size cannot be changed. Old vocab size is " +
                     std::to_string(*vocabulary_->size) + ", new vocab size is " + std::to_string(size) +
                     ", for layer '" + name() + "'");
  if (!weights.empty() && options_.pad_to_max_tokens)
    weights.resize(static_cast<size_t>(*options_.max_tokens), 0.0f);
  *vocabulary_ = {std::move(tokens), std::move(weights), size};
}

void StringLookup::set_vocabulary(const std::vector<std::string>& vocabulary, const std::vector<double>& idf_weights) {
  auto fail = [&](const std::string& text) {
    std::vector<std::string> shown(vocabulary.begin(), vocabulary.begin() + std::min<size_t>(vocabulary.size(), 10));
    throw ValueError("[StringLookup] " + text + " Received: vocabulary=" + Config(shown).to_json() +
                     (vocabulary.size() > 10 ? "… of " + std::to_string(vocabulary.size()) + " terms" : "") +
                     ", for layer '" + name() + "'");
  };
  if (vocabulary.empty()) fail("Cannot set an empty vocabulary.");
  const bool weighs = options_.output_mode == "tf_idf";
  if (weighs && idf_weights.empty()) fail("`idf_weights` must be set if output_mode is 'tf_idf'.");
  if (!weighs && !idf_weights.empty()) fail("`idf_weights` should only be set if output_mode is `'tf_idf'`.");
  bool has_special = static_cast<int64_t>(vocabulary.size()) >= first_number();
  if (has_special) {
    const std::vector<std::string> special = special_tokens();
    has_special = std::equal(special.begin(), special.end(), vocabulary.begin());
  }
  std::vector<std::string> tokens(vocabulary.begin() + (has_special ? first_number() : 0),
                                  vocabulary.end());
  std::set<std::string_view> distinct(tokens.begin(), tokens.end());
  if (distinct.size() != tokens.size())
    fail("The passed vocabulary has at least one repeated term. Please uniquify your dataset.");
  if (options_.mask_token && distinct.contains(*options_.mask_token))
    fail("Found reserved mask token at unexpected location in `vocabulary`. Leave out mask and unknown tokens, or put "
         "them in front.");
  if (options_.invert && distinct.contains(options_.oov_token))
    fail("Found reserved OOV token at unexpected location in `vocabulary`. Leave out mask and unknown tokens, or put "
         "them in front.");
  const int64_t size = first_number() + static_cast<int64_t>(tokens.size());
  if (options_.max_tokens && size > *options_.max_tokens)
    fail("Attempted to set a vocabulary larger than the maximum vocab size. Received vocabulary size is " +
         std::to_string(size) + "; `max_tokens` is " + std::to_string(*options_.max_tokens) + ".");
  std::vector<float> weights;
  if (weighs) {
    if (idf_weights.size() != vocabulary.size())
      fail("`idf_weights` must be the same length as vocabulary. len(idf_weights) is " +
           std::to_string(idf_weights.size()) + "; len(vocabulary) is " + std::to_string(vocabulary.size()) + ".");
    double mean =
        std::accumulate(idf_weights.begin(), idf_weights.end(), 0.0) / static_cast<double>(idf_weights.size());
    weights.assign(has_special ? 0 : static_cast<size_t>(first_number()), static_cast<float>(mean));
    for (double weight : idf_weights) weights.push_back(static_cast<float>(weight));
  }
  take(std::move(tokens), std::move(weights));
}

void StringLookup::learn(const TokenCounts& given) {
  if (options_.vocabulary)
    throw ValueError("Cannot adapt layer '" + name() +
                     "' after setting a static vocabulary via `vocabulary` argument or `set_vocabulary()` method.");
  TokenCounts counts = given;
  if (options_.mask_token) counts.erase(*options_.mask_token);
  counts.erase(options_.oov_token);
  if (counts.empty()) throw ValueError("[StringLookup] Layer '" + name() + "' found no tokens to adapt to.");
  std::vector<std::string> tokens = counts.in_order();
  if (options_.max_tokens)
    tokens.resize(std::min<size_t>(tokens.size(),
                                   static_cast<size_t>(std::max<int64_t>(*options_.max_tokens - first_number(), 0))));
  std::vector<float> weights;
  if (options_.output_mode == "tf_idf") {
    for (double weight : counts.inverse_document_frequencies(tokens)) weights.push_back(static_cast<float>(weight));
    float mean = weights.empty() ? 0
                                 : std::accumulate(weights.begin(), weights.end(), 0.0f) / static_cast<float>(weights.size());
    weights.insert(weights.begin(), static_cast<size_t>(first_number()), mean);
  }
  take(std::move(tokens), std::move(weights));
}

void StringLookup::adapt(const Array& data) {
  const Shape& shape = data.shape();
  const int64_t documents = shape.empty() ? 1 : shape[0];
  const int64_t width = documents ? data.num_elements() / documents : 0;
  TokenCounts counts;
  int64_t i = 0;
  for (const std::string& token : strings_of(data)) counts.add(i++ / width, token);
  counts.set_documents(documents);
  learn(counts);
}

runtime::LookupOp StringLookup::lookup_op(bool in_model, const std::string& owner) const {
  const Vocabulary& vocabulary = *vocabulary_;
  if (vocabulary.tokens.empty() && vocabulary.size != first_number())
    throw ValueError("Layer '" + owner +
                     "' has no vocabulary. Pass `vocabulary` when it is made, or call adapt(data) before it is used.");
  runtime::LookupOp op{.tokens = vocabulary.tokens,
                       .num_oov = options_.num_oov_indices,
                       .mask = options_.mask_token,
                       .salt = options_.salt.key()};
  op.encoding = {.mode = options_.output_mode, .depth = depth(), .weights = vocabulary.weights};
  bool is_float = op.encoding.mode == "tf_idf" || (in_model && op.encoding.mode != "int");
  op.encoding.dtype = is_float ? DType::float32 : DType::int64;
  return op;
}

runtime::HostOp StringLookup::host_op(bool in_model) const {
  if (!options_.invert) return lookup_op(in_model, name());
  return runtime::TokensOp{lookup_op(in_model, name()).tokens, first_number(), options_.oov_token, options_.mask_token};
}

runtime::HostOperation StringLookup::host_operation(bool in_model) const {
  runtime::HostOperation& ready = vocabulary_->ready[in_model];
  if (!ready.valid()) ready = runtime::HostOperation(host_op(in_model));
  return ready;
}

HostLayer::Type StringLookup::host_type(const std::vector<Type>& inputs) const {
  const Type& input = inputs.at(0);
  if (options_.invert) {
    if (!is_integer(input.dtype))
      throw TypeError("Layer '" + name() + "' takes numbers of its vocabulary (invert=True). Received: a tensor of " +
                      std::string(name_of(input.dtype)));
    return {DType::string, input.shape};
  }
  check_strings(name(), input);
  return {options_.output_mode == "int" ? DType::int64 : DType::float32,
          encoded_shape(options_.output_mode, input.shape, depth())};
}

Tensor StringLookup::call(const Tensor& x, const CallArgs&) { return call_on_host(*this, name(), x); }

std::optional<std::string> StringLookup::vocabulary_text() const {
  if (options_.vocabulary) return {};
  std::string text;
  const std::vector<std::string> vocabulary = vocabulary_->size ? get_vocabulary() : std::vector<std::string>();
  for (size_t i = 0; i < vocabulary.size(); ++i) text += (i ? "\n" : "") + vocabulary[i];
  return text;
}

void StringLookup::set_vocabulary_text(const std::string& text) {
  if (options_.vocabulary) return;
  std::vector<std::string> lines = lines_of(text, options_.oov_token, options_.num_oov_indices);
  if (lines.empty()) return;  // the layer was saved before it had a vocabulary
  std::optional<int64_t> size = vocabulary_->size;
  // Those of the file's weights, which are longer where outputs are padded.
  std::vector<float> weights = vocabulary_weights();
  weights.resize(std::min(weights.size(), lines.size()));
  set_vocabulary(lines, {weights.begin(), weights.end()});
  if (size && *size != *vocabulary_->size && options_.output_mode != "int" && !options_.pad_to_max_tokens)
    throw ValueError("Layer '" + name() + "' was made for a vocabulary of " + std::to_string(*size) +
                     " tokens. Received: " + std::to_string(*vocabulary_->size));
}

std::vector<float> StringLookup::vocabulary_weights() const {
  return options_.output_mode == "tf_idf" ? vocabulary_->weights : std::vector<float>();
}

void StringLookup::set_vocabulary_weights(std::vector<float> weights) {
  if (!vocabulary_->weights.empty() && vocabulary_->weights.size() != weights.size())
    throw ValueError("Layer '" + name() + "' has " + std::to_string(vocabulary_->weights.size()) +
                     " weights of its vocabulary. Received: " + std::to_string(weights.size()));
  vocabulary_->weights = std::move(weights);
  for (runtime::HostOperation& ready : vocabulary_->ready) ready = {};
}

Config StringLookup::config() const {
  Config config = with_fields(base_config(), options_, kFields);
  config["vocabulary"] = options_.vocabulary;
  config["vocabulary_size"] = vocabulary_->size;
  config["oov_method"] = "floormod";
  return config;
}

StringLookup StringLookup::from_config(const Config& config) {
  auto options = options_from<StringLookupOptions>(config, kFields);
  if (const Config* vocabulary = config.find("vocabulary"); vocabulary && vocabulary->is_string())
    throw ValueError("[StringLookup] A vocabulary is a list of strings; files that a config names are not opened. "
                     "Received: vocabulary=" + vocabulary->to_json());
  config.read("vocabulary", options.vocabulary);
  StringLookup layer(std::move(options));
  if (!layer.vocabulary_->size) config.read("vocabulary_size", layer.vocabulary_->size);
  return layer;
}

}  // namespace hornbeam::layers
