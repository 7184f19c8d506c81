// StringLookup.
#pragma once

#include <hornbeam/layer.h>
#include <hornbeam/layers/adaptable.h>
#include <hornbeam/layers/host_layer.h>
#include <hornbeam/layers/salt.h>

namespace hornbeam::layers {

struct StringLookupOptions {
  std::optional<int64_t> max_tokens = {};      // of the vocabulary, with mask and unknown tokens; all if not given
  int64_t num_oov_indices = 1;                 // numbers for tokens that are not in the vocabulary
  std::optional<std::string> mask_token = {};  // padding: number 0 with output_mode "int"
  std::string oov_token = "[UNK]";             // what stands for unknown tokens in the vocabulary, and with invert
  std::optional<std::vector<std::string>> vocabulary = {};  // the tokens, with or without the special ones in front
  std::optional<std::vector<double>> idf_weights = {};      // one for each token, with output_mode "tf_idf"
  bool invert = false;                         // from numbers to tokens
  std::string output_mode = "int";             // or "one_hot", "multi_hot", "count", "tf_idf"
  bool pad_to_max_tokens = false;              // outputs are max_tokens wide, even if the vocabulary is smaller
  bool sparse = false;                         // not available
  std::string encoding = "utf-8";              // the only one
  Salt salt = {};                              // spreads unknown tokens by SipHash with this key; else by FarmHash64
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// Strings as numbers of a vocabulary: mask (if given, with "int"), unknown tokens, then the tokens in their order.
//   x [batch, …, n]  →  "int" [batch, …, n] int64, "one_hot" [batch, …, n, size], the others [batch, …, size]
// With invert numbers become strings. Without unknown numbers (num_oov_indices = 0) an unknown string is an error. The
// vocabulary is given, or what adapt() saw, most frequent first. The layer runs on the host (host_layer.h). Throws
// ValueError for options that exclude each other, a vocabulary with repeated or misplaced tokens, and a call before there
// is one; NotImplementedError for sparse outputs and other encodings.
class StringLookup : public UnaryLayerOf<StringLookup>, public Adaptable, public HostLayer, public VocabularyLayer {
 public:
  explicit StringLookup(StringLookupOptions options = {});
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static StringLookup from_config(const Config& config);

  // Takes the strings of data [documents, …], most frequent first, equally frequent ones from the largest.
  void adapt(const Array& data) override;
  // With the mask token (with "int"), the unknown ones, and the tokens. For "tf_idf" one weight for each token.
  void set_vocabulary(const std::vector<std::string>& vocabulary, const std::vector<double>& idf_weights = {});
  std::vector<std::string> get_vocabulary(bool include_special_tokens = true) const;
  int64_t vocabulary_size() const;

  runtime::HostOp host_op(bool in_model) const override;
  runtime::HostOperation host_operation(bool in_model) const override;
  Type host_type(const std::vector<Type>& inputs) const override;
  DType input_dtype() const override { return options_.invert ? DType::int64 : DType::string; }
  std::optional<std::string> vocabulary_text() const override;
  void set_vocabulary_text(const std::string& text) override;
  std::vector<float> vocabulary_weights() const override;
  void set_vocabulary_weights(std::vector<float> weights) override;

 protected:
  bool autocasts() const override { return false; }

 private:
  friend class TextVectorization;
  struct Vocabulary {
    std::vector<std::string> tokens;       // without the special ones
    std::vector<float> weights;            // by number, for "tf_idf"
    std::optional<int64_t> size;           // what the layer's outputs were made for
    runtime::HostOperation ready[2] = {};  // by in_model; made when first needed
  };
  int64_t oov_start() const { return options_.mask_token && options_.output_mode == "int" ? 1 : 0; }
  int64_t first_number() const { return oov_start() + options_.num_oov_indices; }
  int64_t depth() const;
  std::vector<std::string> special_tokens() const;
  // Takes tokens and, by number, their weights; the rest of both kinds of vocabulary, given and learned.
  void take(std::vector<std::string> tokens, std::vector<float> weights);
  void learn(const class TokenCounts& counts);
  // `owner`: the layer's name, for error texts.
  runtime::LookupOp lookup_op(bool in_model, const std::string& owner) const;

  StringLookupOptions options_;
  std::shared_ptr<Vocabulary> vocabulary_ = std::make_shared<Vocabulary>();  // one for all copies
};

}  // namespace hornbeam::layers
