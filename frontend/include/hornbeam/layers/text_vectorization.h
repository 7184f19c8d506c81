// TextVectorization.
#pragma once

#include <hornbeam/layers/string_lookup.h>

namespace hornbeam::layers {

// The widths of the runs of words that TextVectorization looks up: none, 1 to a number, or a list.
class Ngrams {
 public:
  Ngrams() = default;
  Ngrams(std::nullopt_t) {}
  Ngrams(int most) : Ngrams(int64_t{most}) {}
  Ngrams(int64_t most);  // throws ValueError unless positive
  Ngrams(std::initializer_list<int64_t> widths) : Ngrams(std::vector<int64_t>(widths)) {}
  Ngrams(std::vector<int64_t> widths);

  const std::vector<int64_t>& widths() const { return widths_; }
  Config config() const;
  static Ngrams from_config(const Config& config);

 private:
  std::vector<int64_t> widths_;
  std::optional<int64_t> most_;
};

struct TextVectorizationOptions {
  std::optional<int64_t> max_tokens = {};  // of the vocabulary, with padding and unknown token; all if not given
  // "lower", "strip_punctuation", or nullopt for neither. ASCII letters and punctuation, as in TensorFlow.
  std::optional<std::string> standardize = "lower_and_strip_punctuation";
  std::optional<std::string> split = "whitespace";  // or "character", or nullopt for texts that are words already
  Ngrams ngrams = {};                               // 2 for words and pairs of words, {2} for pairs alone
  std::string output_mode = "int";                  // or "multi_hot", "count", "tf_idf"; "one_hot" without a split
  std::optional<int64_t> output_sequence_length = {};  // with "int": texts are cut or padded with 0 to it
  bool pad_to_max_tokens = false;                   // outputs are max_tokens wide, even if the vocabulary is smaller
  std::optional<std::vector<std::string>> vocabulary = {};
  std::optional<std::vector<double>> idf_weights = {};  // one for each token, with output_mode "tf_idf"
  bool sparse = false;                              // not available
  bool ragged = false;                              // not available
  std::string encoding = "utf-8";                   // the only one
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// Texts as numbers of their words.
//   x [batch] or [batch, 1] of strings  →  "int" [batch, length] int64, the other modes [batch, vocabulary size]
// Number 0 is padding, 1 an unknown word, then the vocabulary follows in its order; the other modes have no padding. The
// vocabulary is given, or what adapt() saw, most frequent first. Without output_sequence_length, texts are padded to the
// longest: a model does so over all of the data of a call, where Keras does it batch by batch. The layer runs on the host
// (host_layer.h). Throws ValueError for options that exclude each other and a call before there is a vocabulary;
// NotImplementedError for sparse and ragged outputs and other encodings.
class TextVectorization : public UnaryLayerOf<TextVectorization>,
                          public Adaptable,
                          public HostLayer,
                          public VocabularyLayer {
 public:
  explicit TextVectorization(TextVectorizationOptions options = {});
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static TextVectorization from_config(const Config& config);

  // Takes the words of texts [documents] or [documents, 1].
  void adapt(const Array& data) override;
  void set_vocabulary(const std::vector<std::string>& vocabulary, const std::vector<double>& idf_weights = {});
  std::vector<std::string> get_vocabulary(bool include_special_tokens = true) const;
  int64_t vocabulary_size() const;

  runtime::HostOp host_op(bool in_model) const override;
  runtime::HostOperation host_operation(bool in_model) const override;
  Type host_type(const std::vector<Type>& inputs) const override;
  std::optional<std::string> vocabulary_text() const override { return lookup_.vocabulary_text(); }
  void set_vocabulary_text(const std::string& text) override { lookup_.set_vocabulary_text(text); }
  std::vector<float> vocabulary_weights() const override { return lookup_.vocabulary_weights(); }
  void set_vocabulary_weights(std::vector<float> weights) override { lookup_.set_vocabulary_weights(std::move(weights)); }
  std::string inner_vocabulary_name() const override { return "_lookup_layer"; }

 protected:
  bool autocasts() const override { return false; }

 private:
  runtime::VectorizeOp splitting() const;

  TextVectorizationOptions options_;
  StringLookup lookup_;
};

}  // namespace hornbeam::layers
