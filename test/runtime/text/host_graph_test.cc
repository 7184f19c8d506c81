// Text operations on the host. The values stand as TensorFlow 2.21 gives them.
#include <hornbeam/base/strings.h>
#include <hornbeam/runtime/host_graph.h>
#include <hornbeam/runtime/package.h>

#include "runtime/data/text/fingerprint.h"
#include "test/runtime/program_support.h"

namespace hornbeam::runtime {
namespace {

using text::farm_hash64;
using text::sip_hash64;

std::vector<int64_t> integers(const Array& array) {
  auto values = array.as<int64_t>();
  return {values.begin(), values.end()};
}

std::vector<std::string> words(const VectorizeOp& op, const std::string& text) {
  std::vector<std::string> all;
  visit_words(op, strings({text}), [&](int64_t, std::string_view word) { all.emplace_back(word); });
  return all;
}

TEST(Fingerprint, IsTensorFlowsForEveryLength) {
  struct Known {
    std::string text;
    uint64_t farm, sip;  // modulo 2^62
  };
  std::string hex = "0123456789abcdef", line = "The quick brown fox jumps over the lazy dog. ";
  const Known known[] = {
      {"", 0x1ae16a3b2f90404f, 0x257f27849a0fc53a},
      {"a", 0x33454265b6df75e3, 0x0569192eaa288b77},
      {"cat", 0x11cf943ab57d8ed8, 0x28294bc6e879ce35},
      {"word", 0x24f7876374c312c0, 0x3ffc453aec1d8d91},
      {"seven77", 0x2eff6dc0323d8c7f, 0x3c94cedbc5d64bdb},
      {"eight888", 0x0bdd0c18c5bfb0b5, 0x1a429d6f4cadd79f},
      {"\xc3\xa9t\xc3\xa9", 0x3bcd49d1b6abe896, 0x18abc96e9ce515aa},
      {"a longer word of 17", 0x224b653e8ddc078b, 0x0d649c7977294683},
      {std::string(32, 'x'), 0x330b9baccc74dc05, 0x085ecd61ff408f43},
      {"abcdefghijabcdefghijabcdefghijabcdefghij", 0x1a45f6e19b6fb33d, 0x048efad9ebbe63ef},
      {hex + hex + hex + hex, 0x3ee44410bd226900, 0x013c5dada5b060f7},
      {hex + hex + hex + hex + "!", 0x1f22eb8d543b6f97, 0x20eb3e0f607a244a},
      {line + line + line + line + line, 0x18b8068b25833df2, 0x2b3a015e3279626e},
  };
  for (const Known& each : known) {
    EXPECT_EQ(farm_hash64(each.text) & ((uint64_t{1} << 62) - 1), each.farm) << each.text;
    EXPECT_EQ(sip_hash64({7, 0x1234567890abcdef}, each.text) & ((uint64_t{1} << 62) - 1), each.sip) << each.text;
  }
}

TEST(Words, LowersAsciiAndStripsPunctuation) {
  EXPECT_EQ(words({}, " The dog,\tthe\nFOX; \xc3\x89T\xc3\x89 it's\x1c!"),
            (std::vector<std::string>{"the", "dog", "the", "fox", "\xc3\x89t\xc3\x89", "its\x1c"}));
  EXPECT_EQ(words({.lower = false, .strip_punctuation = false}, "A-b\xc2\xa0""c d."),
            (std::vector<std::string>{"A-b\xc2\xa0""c", "d."}));
}

TEST(Words, SplitsCharactersAndReplacesWhatIsNone) {
  EXPECT_EQ(words({.split = "character"}, "a\xe2\x82\xac"), (std::vector<std::string>{"a", "\xe2\x82\xac"}));
  const std::string none = "\xef\xbf\xbd";
  EXPECT_EQ(words({.split = "character"}, "\xe2\x82z"), (std::vector<std::string>{none, "z"}));
  EXPECT_EQ(words({.split = "character"}, "\xed\xa0\x80"), (std::vector<std::string>{none, none, none}));
  EXPECT_EQ(words({.split = "character"}, "\xf0\x9f\x98"), (std::vector<std::string>{none}));
}

TEST(Words, JoinsRunsWidthByWidth) {
  EXPECT_EQ(words({.ngrams = {1, 2}}, "a b c"), (std::vector<std::string>{"a", "b", "c", "a b", "b c"}));
  EXPECT_EQ(words({.ngrams = {3}}, "a b"), std::vector<std::string>{});
}

TEST(HostOperation, PadsAndCutsTexts) {
  VectorizeOp op;
  op.lookup = {.tokens = {"the", "fox"}, .mask = ""};
  Array texts = strings({2, 1}, {"The fox ran", ""});
  Array numbers = HostOperation(op).run({texts});
  EXPECT_EQ(numbers.shape(), (Shape{2, 3}));
  EXPECT_EQ(integers(numbers), (std::vector<int64_t>{2, 3, 1, 0, 0, 0}));
  op.sequence_length = 2;
  EXPECT_EQ(integers(HostOperation(op).run({texts})), (std::vector<int64_t>{2, 3, 0, 0}));
  EXPECT_ERROR(HostOperation(op).run({strings({1, 2}, {"a", "b"})}), ValueError, "the last shape dimension must be 1");
  EXPECT_ERROR(HostOperation(op).run({Array(DType::int32, {1})}), TypeError, "An array of strings was expected");
}

TEST(HostOperation, EncodesNumbers) {
  LookupOp op{.tokens = {"a", "b"}, .encoding = {.mode = "count", .depth = 3}};
  Array x = strings({2, 3}, {"a", "a", "z", "b", "b", "b"});
  EXPECT_EQ(integers(HostOperation(op).run({x})), (std::vector<int64_t>{1, 2, 0, 0, 0, 3}));
  op.encoding.mode = "multi_hot";
  EXPECT_EQ(integers(HostOperation(op).run({x})), (std::vector<int64_t>{1, 1, 0, 0, 0, 1}));
  op.encoding = {.mode = "tf_idf", .depth = 3, .dtype = DType::float32, .weights = {1, 2, 0.5f}};
  Array weighed = HostOperation(op).run({x});
  EXPECT_EQ(weighed.get(1), 4);
  EXPECT_EQ(weighed.get(5), 1.5);
  op.encoding = {.mode = "one_hot", .depth = 3, .dtype = DType::int32};
  EXPECT_EQ(HostOperation(op).run({strings({2, 1}, {"b", "q"})}).shape(), (Shape{2, 3}));
}

TEST(HostOperation, RefusesUnknownStringsWithoutANumber) {
  LookupOp op{.tokens = {"a"}, .num_oov = 0};
  EXPECT_ERROR(HostOperation(op).run({strings({"a", "zebra"})}), ValueError,
               "all inputs should be in vocabulary, found OOV values [\"zebra\"]");
}

TEST(HostOperation, HashesNumbersAsTheirDecimals) {
  HashOp op{.num_bins = 3};
  EXPECT_EQ(integers(HostOperation(op).run({Array::of<bool>({2}, {true, false})})), (std::vector<int64_t>{0, 2}));
  op.mask = "2";
  EXPECT_EQ(integers(HostOperation(op).run({Array::of<float>({4}, {1.5f, 2.0f, 2.9f, -3.2f})})),
            (std::vector<int64_t>{2, 0, 2, 2}));
}

TEST(HostOperation, CrossesFeatures) {
  CrossOp op{.num_bins = 5};
  EXPECT_EQ(integers(HostOperation(op).run({strings({"a", "b"}), Array::of<int32_t>({2}, {1, -2})})),
            (std::vector<int64_t>{0, 4}));
  EXPECT_ERROR(HostOperation(op).run({strings({"a"}), Array(DType::float32, {1})}), ValueError,
               "should have an integer or string dtype");
}

HostGraph graph() {
  VectorizeOp vectorize{.split = "character", .ngrams = {1, 2}, .sequence_length = 4};
  vectorize.lookup = {.tokens = {"a", "\xff", ""}, .num_oov = 2, .mask = "", .salt = {{1, ~uint64_t{0}}}};
  HashOp hash{.num_bins = 9, .mask = "x", .encoding = {.mode = "multi_hot", .depth = 9, .dtype = DType::float32}};
  return {.inputs = {{"text", DType::string, {kUnknown, 1}}, {"number", DType::int32, {kUnknown, 1}}},
          .nodes = {{vectorize, {0}}, {hash, {0}}, {CrossOp{.num_bins = 4}, {0, 1}}, {ReshapeOp{{kUnknown}}, {0}},
                    {TokensOp{.tokens = {"q"}, .oov_token = "?", .mask = "m"}, {1}}},
          .outputs = {2, 3, 4, 5, 6, 1}};
}

TEST(HostFunction, RunsAGraphAndSurvivesAPackage) {
  Program program;
  program.prologue = graph();
  Program back = parse(serialize(program), "bytes");
  std::vector<Array> inputs = {strings({"Aa", "x"}), Array::of<int32_t>({2, 1}, {0, 1})};
  std::vector<Array> one = HostFunction(graph()).run(inputs), two = HostFunction(back.prologue).run(inputs);
  ASSERT_EQ(one.size(), 6u);
  for (size_t i : {0, 1, 2, 5}) {
    ASSERT_EQ(one[i].shape(), two[i].shape());
    EXPECT_EQ(std::memcmp(one[i].data(), two[i].data(), one[i].bytes()), 0) << i;
  }
  EXPECT_EQ(one[0].shape(), (Shape{2, 4}));
  EXPECT_EQ(two[3].shape(), Shape{2});
  EXPECT_EQ(strings_of(two[4])[0], "m");
  EXPECT_EQ(strings_of(two[4])[1], "q");
  EXPECT_TRUE(back.epilogue.empty());
}

TEST(HostFunction, RefusesGraphsThatDoNotFit) {
  HostGraph bad = graph();
  bad.nodes[0].inputs = {7};
  EXPECT_ERROR(HostFunction{bad}, ValueError, "uses value 7 of 2");
  Program program;
  program.prologue = bad;
  EXPECT_ERROR(parse(serialize(program), "bytes"), IOError, "uses value 7 of 2");
  bad = graph();
  bad.outputs = {-1};
  EXPECT_ERROR(HostFunction{bad}, ValueError, "uses value -1");
  EXPECT_ERROR(HostFunction(graph()).run({strings({"a"})}), ValueError, "takes 2 inputs. Received: 1");
  EXPECT_ERROR(HostFunction(graph()).run({strings({1, 3}, {"a", "b", "c"}), Array(DType::int32, {1, 1})}), ValueError,
               "The input 'text' takes strings of shape (None, 1). Received: an array of shape (1, 3)");
}

}  // namespace
}  // namespace hornbeam::runtime
