// IntegerLookup.
#pragma once

#include <hornbeam/layer.h>
#include <hornbeam/layers/adaptable.h>
#include <hornbeam/layers/host_layer.h>

namespace hornbeam::layers {

struct IntegerLookupOptions {
  std::optional<int64_t> max_tokens = {};  // of the vocabulary, with mask and unknown tokens; all if not given
  int64_t num_oov_indices = 1;             // numbers for tokens that are not in the vocabulary
  std::optional<int64_t> mask_token = {};  // padding: number 0 with output_mode "int"
  int64_t oov_token = -1;                  // what stands for unknown tokens in the vocabulary, and with invert
  std::optional<std::vector<int64_t>> vocabulary = {};  // the tokens, with or without the special ones in front
  std::string vocabulary_dtype = "int64";
  std::optional<std::vector<double>> idf_weights = {};  // one for each token, with output_mode "tf_idf"
  bool invert = false;                     // from numbers to tokens
  std::string output_mode = "int";         // or "one_hot", "multi_hot", "count", "tf_idf"
  bool sparse = false;                     // not available
  bool pad_to_max_tokens = false;          // outputs are max_tokens wide, even if the vocabulary is smaller
  std::string oov_method = "floormod";     // unknown tokens are spread by their remainder; "farmhash" is not available
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// Integers as numbers of a vocabulary: mask (if given, with "int"), unknown tokens, then the tokens in their order.
//   x [batch, …, n]  →  "int" [batch, …, n], "one_hot" [batch, …, n, size], the others [batch, …, size]
// Without unknown numbers (num_oov_indices = 0) an unknown token becomes -1 and is left out of the other modes. The
// vocabulary is given, or what adapt() saw, most frequent first. A token is found by a binary search. Throws ValueError for options that exclude each other, a vocabulary with repeated or misplaced tokens,
// and a call before there is one.
class IntegerLookup : public UnaryLayerOf<IntegerLookup>, public Adaptable, public VocabularyLayer {
 public:
  explicit IntegerLookup(IntegerLookupOptions options = {});
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static IntegerLookup from_config(const Config& config);

  // Takes the tokens of data [documents, …], most frequent first, equally frequent ones from the largest.
  void adapt(const Array& data) override;
  // With the mask token (with "int"), the unknown ones, and the tokens. For "tf_idf" one weight for each token.
  void set_vocabulary(const std::vector<int64_t>& vocabulary, const std::vector<double>& idf_weights = {});
  std::vector<int64_t> get_vocabulary(bool include_special_tokens = true) const;
  int64_t vocabulary_size() const;

  std::optional<std::string> vocabulary_text() const override;
  void set_vocabulary_text(const std::string& text) override;
  std::vector<float> vocabulary_weights() const override;
  void set_vocabulary_weights(std::vector<float> weights) override;

 protected:
  bool autocasts() const override { return false; }

 private:
  IntegerLookupOptions options_;
  struct Vocabulary {
    std::vector<int64_t> tokens;  // without the special ones
    std::vector<double> weights;  // by number, for "tf_idf"
  };
  int64_t oov_start() const { return options_.mask_token && options_.output_mode == "int" ? 1 : 0; }
  int64_t first_number() const { return oov_start() + options_.num_oov_indices; }
  std::vector<int64_t> special_tokens() const;
  Tensor idf_weights(int64_t depth) const;

  std::optional<int64_t> vocabulary_size_;  // as the config said; its vocabulary may be learned
  std::shared_ptr<Vocabulary> vocabulary_ = std::make_shared<Vocabulary>();  // one for all copies
};

}  // namespace hornbeam::layers
