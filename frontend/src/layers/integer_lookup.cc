#include <hornbeam/layers/integer_lookup.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include <hornbeam/ops.h>

#include "frontend/src/layers/encode.h"
#include "frontend/src/layers/fields.h"
#include "frontend/src/tensor_impl.h"

namespace hornbeam::layers {

static const Register<IntegerLookup> registered{"IntegerLookup", "keras.layers"};

namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("max_tokens", options.max_tokens);
  field("num_oov_indices", options.num_oov_indices);
  field("mask_token", options.mask_token);
  field("oov_token", options.oov_token);
  field("vocabulary_dtype", options.vocabulary_dtype);
  field("idf_weights", options.idf_weights);
  field("invert", options.invert);
  field("output_mode", options.output_mode);
  field("sparse", options.sparse);
  field("pad_to_max_tokens", options.pad_to_max_tokens);
  field("oov_method", options.oov_method);
};

// A tensor without a value, in a trace that infers types.
bool is_type(const Tensor& x) { return x.impl()->kind == TensorImpl::Kind::traced && !x.impl()->value; }

Array vector_of(const std::vector<int64_t>& values) {
  return Array::of<int64_t>({static_cast<int64_t>(values.size())}, std::span<const int64_t>(values));
}

// The value of the key that each element equals, `unknown` where there is none: a binary search whose steps are the same
// for all elements.
Tensor looked_up(const Tensor& x, const std::vector<int64_t>& keys, const std::vector<int64_t>& values,
                 const Tensor& unknown) {
  std::vector<size_t> order(keys.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return keys[a] < keys[b]; });
  size_t length = 1;
  while (length < keys.size()) length *= 2;
  std::vector<int64_t> sorted, sorted_values;
  for (size_t i : order) {
    sorted.push_back(keys[i]);
    sorted_values.push_back(values[i]);
  }
  // What fills up the power of two is the last key again, so that finding it there is finding it.
  sorted.resize(length, sorted.back());
  sorted_values.resize(length, sorted_values.back());
  const Tensor all = vector_of(sorted);
  Tensor at = ops::zeros_like(ops::cast(x, DType::int32));
  for (auto step = static_cast<int64_t>(length / 2); step > 0; step /= 2) {
    Tensor next = at + Tensor(step);
    at = ops::where(ops::less_equal(ops::take(all, next), x), next, at);
  }
  return ops::where(ops::equal(ops::take(all, at), x), ops::take(vector_of(sorted_values), at),
                    ops::cast(unknown, DType::int64));
}

}  // namespace

IntegerLookup::IntegerLookup(IntegerLookupOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  auto fail = [](const std::string& text) { throw ValueError("[IntegerLookup] " + text); };
  if (options_.max_tokens && *options_.max_tokens <= 1)
    fail("If set, `max_tokens` must be greater than 1. Received: max_tokens=" + std::to_string(*options_.max_tokens));
  if (options_.pad_to_max_tokens && !options_.max_tokens)
    fail("If pad_to_max_tokens is true, `max_tokens` must be set.");
  if (options_.num_oov_indices < 0)
    fail("`num_oov_indices` must not be negative. Received: num_oov_indices=" +
         std::to_string(options_.num_oov_indices));
  if (options_.vocabulary_dtype != "int64")
    fail("Only `vocabulary_dtype='int64'` is supported. Received: vocabulary_dtype=" + options_.vocabulary_dtype);
  if (options_.output_mode == "binary") options_.output_mode = "multi_hot";  // old names
  if (options_.output_mode == "tf-idf") options_.output_mode = "tf_idf";
  check_output_mode("IntegerLookup", options_.output_mode, {"int", "one_hot", "multi_hot", "count", "tf_idf"});
  if (options_.invert && options_.output_mode != "int")
    fail("`output_mode` must be \"int\" when `invert` is true. Received: output_mode=" + options_.output_mode);
  if (options_.idf_weights && options_.output_mode != "tf_idf")
    fail("`idf_weights` should only be set if `output_mode` is \"tf_idf\". Received: output_mode=" +
         options_.output_mode);
  if (options_.oov_method != "floormod" && options_.oov_method != "farmhash")
    fail("`oov_method` must be one of \"floormod\", \"farmhash\". Received: oov_method=" + options_.oov_method);
  if (options_.sparse || options_.oov_method == "farmhash")
    throw NotImplementedError(
        "[IntegerLookup] sparse=True and oov_method=\"farmhash\" are not available. Use sparse=False and "
        "oov_method=\"floormod\".");
  if (options_.vocabulary) set_vocabulary(*options_.vocabulary, options_.idf_weights.value_or(std::vector<double>()));
}

std::vector<int64_t> IntegerLookup::special_tokens() const {
  std::vector<int64_t> tokens(first_number(), options_.oov_token);
  if (oov_start() == 1) tokens[0] = *options_.mask_token;
  return tokens;
}

std::vector<int64_t> IntegerLookup::get_vocabulary(bool include_special_tokens) const {
  std::vector<int64_t> tokens = include_special_tokens ? special_tokens() : std::vector<int64_t>();
  tokens.insert(tokens.end(), vocabulary_->tokens.begin(), vocabulary_->tokens.end());
  return tokens;
}

int64_t IntegerLookup::vocabulary_size() const {
  return first_number() + static_cast<int64_t>(vocabulary_->tokens.size());
}

void IntegerLookup::set_vocabulary(const std::vector<int64_t>& vocabulary, const std::vector<double>& idf_weights) {
  auto fail = [&](const std::string& text) {
    throw ValueError("[IntegerLookup] " + text + " Received: vocabulary=" + Config(vocabulary).to_json() +
                     ", for layer '" + name() + "'");
  };
  if (vocabulary.empty()) fail("Cannot set an empty vocabulary.");
  bool has_special = static_cast<int64_t>(vocabulary.size()) >= first_number();
  if (has_special) {
    const std::vector<int64_t> special = special_tokens();
    has_special = std::equal(special.begin(), special.end(), vocabulary.begin());
  }
  std::vector<int64_t> tokens(vocabulary.begin() + (has_special ? first_number() : 0),
                              vocabulary.end());
  std::set<int64_t> distinct(tokens.begin(), tokens.end());
  if (distinct.size() != tokens.size()) fail("The passed vocabulary has at least one repeated term.");
  if (options_.mask_token && distinct.contains(*options_.mask_token))
    fail("Found the reserved mask token in the vocabulary. Leave out mask and unknown tokens, or put them in front.");
  if (options_.invert && distinct.contains(options_.oov_token))
    fail(
        "Found the reserved unknown token in the vocabulary. Leave out mask and unknown tokens, or put them in front.");
  const int64_t size = first_number() + static_cast<int64_t>(tokens.size());
  if (options_.max_tokens && size > *options_.max_tokens)
    fail("Attempted to set a vocabulary of " + std::to_string(size) +
         " tokens, more than max_tokens=" + std::to_string(*options_.max_tokens) + ".");
  std::vector<double> weights;
  if (options_.output_mode == "tf_idf") {
    if (idf_weights.size() != vocabulary.size()) fail("`idf_weights` must be as many as the vocabulary's terms.");
    double mean =
        std::accumulate(idf_weights.begin(), idf_weights.end(), 0.0) / static_cast<double>(idf_weights.size());
    weights.assign(has_special ? 0 : static_cast<size_t>(first_number()), mean);
    weights.insert(weights.end(), idf_weights.begin(), idf_weights.end());
  }
  *vocabulary_ = {std::move(tokens), std::move(weights)};
}

void IntegerLookup::adapt(const Array& data) {
  if (options_.vocabulary) throw ValueError("Cannot adapt layer '" + name() + "' after setting a static vocabulary.");
  std::map<int64_t, int64_t> counts;
  std::map<int64_t, std::set<int64_t>> documents;
  const int64_t rows = data.shape().rank() > 1 ? data.shape()[0] : data.num_elements();
  for (int64_t i = 0; i < data.num_elements(); ++i) {
    int64_t token = data.get_int(i);
    if (token == options_.oov_token || (options_.mask_token && token == *options_.mask_token)) continue;
    ++counts[token];
    documents[token].insert(i / (data.num_elements() / rows));
  }
  if (counts.empty()) throw ValueError("[IntegerLookup] Layer '" + name() + "' found no tokens to adapt to.");
  std::vector<int64_t> tokens;
  for (const auto& [token, count] : counts) tokens.push_back(token);
  std::sort(tokens.begin(), tokens.end(),
            [&](int64_t a, int64_t b) { return counts[a] != counts[b] ? counts[a] > counts[b] : a > b; });
  if (options_.max_tokens)
    tokens.resize(std::min<size_t>(tokens.size(), std::max<int64_t>(*options_.max_tokens - first_number(), 0)));
  std::vector<double> weights;
  if (options_.output_mode == "tf_idf")
    for (int64_t token : tokens)
      weights.push_back(std::log(1 + static_cast<double>(rows) / (1 + static_cast<double>(documents[token].size()))));
  set_vocabulary(tokens, weights);
}

Tensor IntegerLookup::idf_weights(int64_t depth) const {
  std::vector<double> weights = vocabulary_->weights;
  weights.resize(depth);
  return Array::of<double>({depth}, std::span<const double>(weights)).cast(DType::float32);
}

Tensor IntegerLookup::call(const Tensor& x, const CallArgs& args) {
  const Vocabulary& vocabulary = *vocabulary_;
  // While a model is made from a file its vocabulary is still to come, and only types are asked for.
  if (vocabulary.tokens.empty() && vocabulary_size_ && is_type(x)) {
    if (options_.output_mode == "int") return ops::cast(x, DType::int64);
    const int64_t depth = options_.pad_to_max_tokens ? *options_.max_tokens : *vocabulary_size_;
    return encode(ops::cast(x, DType::int64), options_.output_mode == "tf_idf" ? "count" : options_.output_mode, depth,
                  options_.output_mode == "tf_idf" ? DType::float32 : DType::int64);
  }
  if (vocabulary.tokens.empty())
    throw ValueError("[IntegerLookup] Layer '" + name() +
                     "' has no vocabulary. Pass `vocabulary` when it is made, or call adapt(data) before it is used.");
  Tensor in = ops::cast(x, DType::int64);
  const auto n = static_cast<int64_t>(vocabulary.tokens.size());
  std::vector<int64_t> numbers(n);
  std::iota(numbers.begin(), numbers.end(), first_number());
  if (options_.invert) {
    Tensor token = looked_up(in, numbers, vocabulary.tokens, options_.oov_token);
    return options_.mask_token ? ops::where(ops::equal(in, 0), *options_.mask_token, token) : token;
  }
  Tensor unknown;
  if (options_.num_oov_indices == 1) unknown = oov_start();
  if (options_.num_oov_indices > 1) unknown = ops::mod(in, options_.num_oov_indices) + oov_start();
  Tensor number = looked_up(in, vocabulary.tokens, numbers, unknown ? unknown : Tensor(-1));
  if (options_.mask_token) {
    // Padding is number 0, or none at all in the modes that count.
    Tensor padding = ops::equal(in, *options_.mask_token);
    number = ops::where(padding, options_.output_mode == "int" ? 0 : -1, number);
  }
  const int64_t depth = options_.pad_to_max_tokens ? *options_.max_tokens : vocabulary_size();
  if (options_.output_mode != "tf_idf") return encode(number, options_.output_mode, depth, DType::int64);
  return encode(number, "count", depth, DType::float32) * idf_weights(depth);
}

std::optional<std::string> IntegerLookup::vocabulary_text() const {
  if (options_.vocabulary) return {};
  std::string text;
  const std::vector<int64_t> tokens = vocabulary_->tokens.empty() ? std::vector<int64_t>() : get_vocabulary();
  for (size_t i = 0; i < tokens.size(); ++i) text += (i ? "\n" : "") + std::to_string(tokens[i]);
  return text;
}

void IntegerLookup::set_vocabulary_text(const std::string& text) {
  if (options_.vocabulary || text.empty()) return;
  std::vector<int64_t> tokens;
  for (const char *at = text.data(), *end = at + text.size(); at < end;) {
    int64_t token = 0;
    auto [after, error] = std::from_chars(at, end, token);
    if (error != std::errc() || (after < end && *after != '\n' && *after != '\r'))
      throw ValueError("[IntegerLookup] Line " + std::to_string(tokens.size() + 1) + " of the vocabulary of layer '" +
                       name() + "' is no integer.");
    tokens.push_back(token);
    for (at = after; at < end && (*at == '\n' || *at == '\r');) ++at;
  }
  std::vector<double> weights = vocabulary_->weights;
  weights.resize(std::min(weights.size(), tokens.size()));
  set_vocabulary(tokens, weights);
}

std::vector<float> IntegerLookup::vocabulary_weights() const {
  if (options_.output_mode != "tf_idf") return {};
  std::vector<float> weights(vocabulary_->weights.begin(), vocabulary_->weights.end());
  if (!weights.empty() && options_.pad_to_max_tokens) weights.resize(static_cast<size_t>(*options_.max_tokens), 0.0f);
  return weights;
}

void IntegerLookup::set_vocabulary_weights(std::vector<float> weights) {
  vocabulary_->weights.assign(weights.begin(), weights.end());
}

Config IntegerLookup::config() const {
  Config config = with_fields(base_config(), options_, kFields);
  config["vocabulary"] = options_.vocabulary;
  config["vocabulary_size"] = std::max(vocabulary_size(), vocabulary_size_.value_or(0));
  config["salt"] = nullptr;
  return config;
}

IntegerLookup IntegerLookup::from_config(const Config& config) {
  auto options = options_from<IntegerLookupOptions>(config, kFields);
  if (const Config* vocabulary = config.find("vocabulary"); vocabulary && vocabulary->is_string())
    throw NotImplementedError("[IntegerLookup] A vocabulary in a file is not available. Received: vocabulary=" +
                              vocabulary->to_json());
  config.read("vocabulary", options.vocabulary);
  IntegerLookup layer(std::move(options));
  config.read("vocabulary_size", layer.vocabulary_size_);
  return layer;
}

}  // namespace hornbeam::layers
