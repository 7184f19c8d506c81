// Layers on strings by themselves. Values stand as Keras 3.15.1 gives them.
#include <gtest/gtest.h>
#include <hornbeam/base/strings.h>
#include <hornbeam/layers/embedding.h>
#include <hornbeam/layers/hashed_crossing.h>
#include <hornbeam/layers/hashing.h>
#include <hornbeam/layers/integer_lookup.h>
#include <hornbeam/layers/string_lookup.h>
#include <hornbeam/layers/text_vectorization.h>

#include "test/support/expect_error.h"

namespace hornbeam {
namespace {

using layers::HashedCrossing;
using layers::Hashing;
using layers::StringLookup;
using layers::TextVectorization;

std::vector<int64_t> integers(const Tensor& x) {
  Array array = x.array();
  auto values = array.as<int64_t>();
  return {values.begin(), values.end()};
}

const std::vector<std::string> kVocabulary = {"the", "fox", "a b"};

TEST(StringLookup, NumbersAndCountsStrings) {
  StringLookup lookup({.vocabulary = kVocabulary});
  EXPECT_EQ(integers(lookup(strings({"the", "q"}))), (std::vector<int64_t>{1, 0}));
  StringLookup salted({.num_oov_indices = 2, .vocabulary = kVocabulary, .salt = 3});
  EXPECT_EQ(integers(salted(strings({"the", "q", "r", "s"}))), (std::vector<int64_t>{2, 1, 0, 0}));
  StringLookup one_hot({.vocabulary = kVocabulary, .output_mode = "one_hot"});
  EXPECT_EQ(one_hot(strings({2, 1}, {"the", "q"})).shape(), (Shape{2, 4}));
  EXPECT_EQ(one_hot(strings({1, 2}, {"the", "q"})).shape(), (Shape{1, 2, 4}));
  StringLookup masked({.num_oov_indices = 2, .mask_token = "fox", .vocabulary = {{"a"}}, .output_mode = "count"});
  EXPECT_EQ(integers(masked(strings({1, 5}, {"a", "fox", "b", "c", "d"}))), (std::vector<int64_t>{2, 1, 1}));
}

TEST(StringLookup, InvertsNumbers) {
  StringLookup lookup({.mask_token = "m", .vocabulary = {{"a"}}, .invert = true});
  Tensor tokens = lookup(Array::of<int64_t>({5}, {0, 1, 2, 3, -1}));
  auto values = strings_of(tokens.array());
  EXPECT_EQ(std::vector<std::string>(values.begin(), values.end()),
            (std::vector<std::string>{"m", "[UNK]", "a", "[UNK]", "[UNK]"}));
  EXPECT_ERROR(lookup(strings({"a"})), TypeError, "Numbers of a vocabulary are integers");
}

TEST(StringLookup, LearnsByFrequencyThenBytes) {
  StringLookup lookup({.max_tokens = 4});
  lookup.adapt(strings({"b", "a", "c", "a", "\xc3\xa9", "[UNK]"}));
  EXPECT_EQ(lookup.get_vocabulary(), (std::vector<std::string>{"[UNK]", "a", "\xc3\xa9", "c"}));
  EXPECT_EQ(lookup.vocabulary_size(), 4);
}

TEST(StringLookup, SaysWhatIsWrong) {
  EXPECT_ERROR(StringLookup({.max_tokens = 1}), ValueError, "must be greater than 1. Received: max_tokens=1");
  EXPECT_ERROR(StringLookup({.num_oov_indices = -1}), ValueError, "Received: num_oov_indices=-1");
  EXPECT_ERROR(StringLookup({.vocabulary = {{"a", "a"}}}), ValueError, "at least one repeated term");
  EXPECT_ERROR(StringLookup({.mask_token = "a", .vocabulary = {{"b", "a"}}}), ValueError, "reserved mask token");
  EXPECT_ERROR(StringLookup({.invert = true, .output_mode = "count"}), ValueError, "`output_mode` must be \"int\"");
  EXPECT_ERROR(StringLookup({.vocabulary = {{"a"}}, .output_mode = "tf_idf"}), ValueError, "`idf_weights` argument");
  EXPECT_ERROR(StringLookup({.output_mode = "counts"}), ValueError, "Received: output_mode=counts");
  EXPECT_ERROR(StringLookup({.sparse = true}), NotImplementedError, "sparse=True is not available");
  EXPECT_ERROR(StringLookup()(strings({"a"})), ValueError, "has no vocabulary");
  EXPECT_ERROR(StringLookup({.output_mode = "count"})(strings({"a"})), ValueError, "has no vocabulary");
  EXPECT_ERROR(StringLookup({.num_oov_indices = 0, .vocabulary = {{"a"}}})(strings({"q"})), ValueError,
               "found OOV values [\"q\"]");
  EXPECT_ERROR(StringLookup({.vocabulary = {{"a"}}}).adapt(strings({"b"})), ValueError, "static vocabulary");
  EXPECT_ERROR(StringLookup({.vocabulary = {{"a"}}})(Array(DType::float32, {2})), TypeError,
               "An array of strings was expected");
  StringLookup counts({.output_mode = "count"});
  counts.adapt(strings({"a"}));
  EXPECT_ERROR(counts.adapt(strings({"a", "b"})), ValueError, "the vocabulary size cannot be changed");
  EXPECT_EQ(counts.get_vocabulary(), (std::vector<std::string>{"[UNK]", "a"}));
}

TEST(TextVectorization, NumbersWords) {
  TextVectorization words({.vocabulary = kVocabulary});
  EXPECT_EQ(integers(words(strings({"The fox!", ""}))), (std::vector<int64_t>{2, 3, 0, 0}));
  EXPECT_EQ(words(strings({"", ""})).shape(), (Shape{2, 0}));
  EXPECT_EQ(words(strings({2, 1, 1}, {"the fox", "the"})).shape(), (Shape{2, 1, 2}));
  TextVectorization whole({.split = std::nullopt, .ngrams = {2}, .vocabulary = kVocabulary});
  EXPECT_EQ(integers(whole(strings({2, 3}, {"a", "b", "c", "a", "b", "the"}))), (std::vector<int64_t>{4, 1, 4, 1}));
  TextVectorization counts({.output_mode = "count", .vocabulary = kVocabulary});
  EXPECT_EQ(integers(counts(strings({2, 1}, {"the the fox q", ""}))), (std::vector<int64_t>{1, 2, 1, 0, 0, 0, 0, 0}));
}

TEST(TextVectorization, SaysWhatIsWrong) {
  EXPECT_ERROR(TextVectorization({.split = "words"}), ValueError, "Unknown value for `split`");
  EXPECT_ERROR(TextVectorization({.ngrams = 0}), ValueError, "`ngrams` must be positive");
  EXPECT_ERROR(TextVectorization({.output_mode = "count", .output_sequence_length = 3}), ValueError,
               "`output_sequence_length` must not be set");
  EXPECT_ERROR(TextVectorization({.ragged = true}), NotImplementedError, "outputs are dense");
  EXPECT_ERROR(TextVectorization({.output_mode = "one_hot"}), NotImplementedError, "gives a ragged result");
  EXPECT_ERROR(TextVectorization({.vocabulary = kVocabulary})(strings({2, 2}, {"a", "b", "c", "d"})), ValueError,
               "the last shape dimension must be 1");
  EXPECT_ERROR(TextVectorization()(strings({"a"})), ValueError, "has no vocabulary");
}

TEST(TextVectorization, IsConfiguredAsInKeras) {
  TextVectorization layer({.max_tokens = 9, .standardize = std::nullopt, .ngrams = {1, 3}, .output_sequence_length = 5});
  Config config = layer.config();
  EXPECT_TRUE(config.at("standardize").is_null());
  EXPECT_EQ(config.at("ngrams").to_json(), "[1, 3]");
  TextVectorization again = TextVectorization::from_config(config);
  EXPECT_EQ(again.config(), config);
  config["vocabulary"] = "/etc/passwd";
  EXPECT_ERROR(TextVectorization::from_config(config), ValueError, "files that a config names are not opened");
}

TEST(Hashing, PutsValuesIntoBins) {
  EXPECT_EQ(integers(Hashing({.num_bins = 3, .mask_value = 2})(Array::of<float>({4}, {1.5f, 2.0f, 2.9f, -3.2f}))),
            (std::vector<int64_t>{2, 0, 2, 2}));
  EXPECT_EQ(Hashing({.num_bins = 3, .output_mode = "one_hot"})(strings({2, 1}, {"a", "b"})).array().get(0), 1);
  EXPECT_EQ(integers(Hashing({.num_bins = 1, .mask_value = "a"})(strings({"a", "b"}))), (std::vector<int64_t>{0, 0}));
  EXPECT_ERROR(Hashing({.num_bins = 0}), ValueError, "Received: num_bins=0");
  EXPECT_ERROR(Hashing({.num_bins = 3, .dtype = "float32"}), ValueError, "`dtype` should be an integer type");
  EXPECT_ERROR(Hashing({.num_bins = 3, .mask_value = "x"})(Array(DType::int32, {2})), TypeError, "never equal");
}

TEST(HashedCrossing, CrossesFeatures) {
  HashedCrossing cross({.num_bins = 5});
  EXPECT_EQ(integers(cross({strings({"a", "b"}), Array::of<int32_t>({2}, {1, -2})}).single()),
            (std::vector<int64_t>{0, 4}));
  EXPECT_ERROR(cross({strings({"a"})}), ValueError, "at least two inputs");
  EXPECT_ERROR(cross({strings({1, 2}, {"a", "b"}), strings({1, 2}, {"a", "b"})}), ValueError, "should have shape `()`");
}

TEST(IntegerLookup, FindsTokensOfALargeVocabulary) {
  std::vector<int64_t> vocabulary;
  for (int64_t i = 0; i < 1000; ++i) vocabulary.push_back((i * 7919) % 10007 - 5000);
  layers::IntegerLookup lookup({.vocabulary = vocabulary});
  std::vector<int64_t> x = {vocabulary[0], vocabulary[999], vocabulary[517], 100000, -100000, INT64_MAX};
  EXPECT_EQ(integers(lookup(Array::of<int64_t>({6}, std::span<const int64_t>(x)))),
            (std::vector<int64_t>{1, 1000, 518, 0, 0, 0}));
}

TEST(HostLayers, TakeNoPlaceInCompiledCode) {
  EXPECT_ERROR(layers::Embedding({.input_dim = 3, .output_dim = 2})(strings({"a"})), TypeError, "cannot take strings");
}

}  // namespace
}  // namespace hornbeam
