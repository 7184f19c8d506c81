// What a model does with strings before and after its compiled part: a small graph of text operations, plain data that a
// saved Program carries, and the function that runs it on the host. Strings never enter a compiled program.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <hornbeam/base/array.h>

namespace hornbeam::runtime {

// How an operation gives out the numbers [batch, …, n] that it finds. "int": as they are; "one_hot": [batch, …, n, depth],
// a last axis of 1 dropped; "multi_hot" and "count": summed over axis 1 (over the only one of a vector); "tf_idf": counts
// times `weights`. Numbers outside [0, depth) count nowhere.
struct Encoding {
  std::string mode = "int";
  int64_t depth = 0;
  DType dtype = DType::int64;
  std::vector<float> weights = {};  // depth of them, for "tf_idf"
};

// Strings as their numbers in a vocabulary.
struct LookupOp {
  std::vector<std::string> tokens;          // the first has the number first_token()
  int64_t num_oov = 1;                      // numbers for strings that are not among them; with 0 they are an error
  std::optional<std::string> mask = {};     // number 0 with "int", which then begins at 1; else left out
  std::optional<std::array<uint64_t, 2>> salt = {};  // of the hash that chooses one of several unknown numbers
  Encoding encoding = {};

  int64_t first_unknown() const { return mask && encoding.mode == "int" ? 1 : 0; }
  int64_t first_token() const { return first_unknown() + num_oov; }
};

// Texts as numbers of their words.
struct VectorizeOp {
  bool lower = true, strip_punctuation = true;  // ASCII letters and punctuation
  std::string split = "whitespace";             // or "character", or "" for texts that are words already
  std::vector<int64_t> ngrams = {};             // widths of the runs of words that are looked up; none: the words
  std::optional<int64_t> sequence_length = {};  // with "int": cut or padded by 0 to it; else to the longest text
  LookupOp lookup = {};
};

// Numbers as the strings of a vocabulary.
struct TokensOp {
  std::vector<std::string> tokens;
  int64_t first_token = 1;
  std::string oov_token;                 // for numbers without a token
  std::optional<std::string> mask = {};  // for number 0
};

// Strings, or numbers as decimal strings, by their hash modulo the bins.
struct HashOp {
  int64_t num_bins = 1;
  std::optional<std::array<uint64_t, 2>> salt = {};  // with SipHash, else FarmHash
  std::optional<std::string> mask = {};              // has bin 0 for itself; of a number: its decimals
  Encoding encoding = {};
};

// The hash of several features together, modulo the bins.
struct CrossOp {
  int64_t num_bins = 1;
  Encoding encoding = {};
};

// The same elements under another shape; its first axis is the batch and is kept.
struct ReshapeOp {
  Shape shape;
};

using HostOp = std::variant<LookupOp, VectorizeOp, TokensOp, HashOp, CrossOp, ReshapeOp>;

struct HostNode {
  HostOp op;
  std::vector<int32_t> inputs;  // values by number: the graph's inputs, then the results of the nodes before
};

struct HostGraph {
  struct Input {
    std::string name;
    DType dtype = DType::invalid;
    Shape shape;  // with unknown axes
  };
  std::vector<Input> inputs;
  std::vector<HostNode> nodes;
  std::vector<int32_t> outputs;  // values by number

  bool empty() const { return nodes.empty(); }
};

// One operation, made ready to run: its vocabulary is a table. Copies share it.
class HostOperation {
 public:
  HostOperation() = default;
  // Throws ValueError for options that no operation can have.
  explicit HostOperation(const HostOp& op);
  // Throws ValueError for shapes that do not suit and for unknown strings where there is no number for them, TypeError
  // for dtypes.
  Array run(const std::vector<Array>& inputs) const { return run_(inputs); }
  bool valid() const { return run_ != nullptr; }

 private:
  std::function<Array(const std::vector<Array>&)> run_;
};

// A graph made ready to run; copies share it.
class HostFunction {
 public:
  HostFunction() = default;
  // Throws ValueError for a graph whose numbers do not fit.
  explicit HostFunction(HostGraph graph);
  // The same with operations that are ready, one for each node.
  HostFunction(HostGraph graph, std::vector<HostOperation> operations);

  // The outputs for these inputs, in the graph's order. Throws as the operations do.
  std::vector<Array> run(const std::vector<Array>& inputs) const;
  bool valid() const { return impl_ != nullptr; }

 private:
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

// Calls visit(row, word) for each word of the texts, as the operation splits them.
void visit_words(const VectorizeOp& op, const Array& texts,
                 const std::function<void(int64_t row, std::string_view word)>& visit);

}  // namespace hornbeam::runtime
