// Checks a graph of text operations and runs it.
#include <hornbeam/runtime/host_graph.h>

#include "runtime/data/text/lookup.h"

namespace hornbeam::runtime {
namespace {

using Run = std::function<Array(const std::vector<Array>&)>;

void check_bins(int64_t num_bins, const Encoding& encoding) {
  if (num_bins <= 0) throw ValueError("A hash needs bins. Received: num_bins=" + std::to_string(num_bins));
  text::check_encoding(encoding);
}

Run make(const LookupOp& op) {
  auto lookup = std::make_shared<const text::Lookup>(op);
  return [lookup](const std::vector<Array>& x) { return text::run_lookup(*lookup, x.at(0)); };
}

Run make(const VectorizeOp& op) {
  if (op.split != "whitespace" && op.split != "character" && !op.split.empty())
    throw ValueError("Texts are split by \"whitespace\" or \"character\". Received: " + op.split);
  for (int64_t width : op.ngrams)
    if (width < 1) throw ValueError("All ngram widths must be greater than 0. Received: " + std::to_string(width));
  if (op.sequence_length && *op.sequence_length < 0)
    throw ValueError("A sequence length must not be negative. Received: " + std::to_string(*op.sequence_length));
  auto lookup = std::make_shared<const text::Lookup>(op.lookup);
  VectorizeOp splitting = op;
  splitting.lookup = {};  // its table has the vocabulary
  return [lookup, splitting](const std::vector<Array>& x) {
    return text::run_vectorize(splitting, *lookup, x.at(0));
  };
}

Run make(const TokensOp& op) {
  return [op](const std::vector<Array>& x) { return text::run_tokens(op, x.at(0)); };
}

Run make(const HashOp& op) {
  check_bins(op.num_bins, op.encoding);
  return [op](const std::vector<Array>& x) { return text::run_hash(op, x.at(0)); };
}

Run make(const CrossOp& op) {
  check_bins(op.num_bins, op.encoding);
  return [op](const std::vector<Array>& x) { return text::run_cross(op, x); };
}

Run make(const ReshapeOp& op) {
  return [op](const std::vector<Array>& x) { return text::run_reshape(op, x.at(0)); };
}

// Strings of shape (n,) for (n, 1), and the other way round.
Array adjusted(const Array& array, const HostGraph::Input& input) {
  if (array.dtype() != DType::string) return array;
  const Shape &given = array.shape(), &wanted = input.shape;
  std::vector<int64_t> dims = given.dims();
  if (given.rank() == wanted.rank() + 1 && given[-1] == 1) dims.pop_back();
  else if (given.rank() + 1 == wanted.rank() && wanted[-1] == 1) dims.push_back(1);
  bool fits = dims.size() == wanted.size();
  for (size_t i = 1; fits && i < dims.size(); ++i) fits = wanted.dims()[i] < 0 || wanted.dims()[i] == dims[i];
  if (!fits)
    throw ValueError("The input '" + input.name + "' takes strings of shape " + wanted.to_string() +
                     ". Received: an array of shape " + given.to_string());
  return dims.size() == given.size() ? array : array.reshaped(Shape(dims));
}

}  // namespace

HostOperation::HostOperation(const HostOp& op) : run_(std::visit([](const auto& each) { return make(each); }, op)) {}

struct HostFunction::Impl {
  HostGraph graph;
  std::vector<HostOperation> operations;
};

namespace {

std::vector<HostOperation> made_ready(const HostGraph& graph) {
  std::vector<HostOperation> operations;
  for (const HostNode& node : graph.nodes) operations.emplace_back(node.op);
  return operations;
}

}  // namespace

HostFunction::HostFunction(HostGraph graph) : HostFunction(graph, made_ready(graph)) {}

HostFunction::HostFunction(HostGraph graph, std::vector<HostOperation> operations) {
  size_t values = graph.inputs.size();
  auto check = [&](int32_t number) {
    if (number < 0 || static_cast<size_t>(number) >= values)
      throw ValueError("A graph of text operations uses value " + std::to_string(number) + " of " +
                       std::to_string(values) + ".");
  };
  for (const HostNode& node : graph.nodes) {
    if (node.inputs.empty()) throw ValueError("A text operation has no input.");
    for (int32_t input : node.inputs) check(input);
    ++values;
  }
  for (int32_t output : graph.outputs) check(output);
  for (HostNode& node : graph.nodes) node.op = ReshapeOp{};  // the operations have the vocabularies now
  impl_ = std::make_shared<const Impl>(Impl{std::move(graph), std::move(operations)});
}

std::vector<Array> HostFunction::run(const std::vector<Array>& inputs) const {
  const HostGraph& graph = impl_->graph;
  if (inputs.size() != graph.inputs.size())
    throw ValueError("The model takes " + std::to_string(graph.inputs.size()) + " inputs. Received: " +
                     std::to_string(inputs.size()) + " arrays");
  std::vector<Array> values;
  for (size_t i = 0; i < inputs.size(); ++i) values.push_back(adjusted(inputs[i], graph.inputs[i]));
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    std::vector<Array> arguments;
    for (int32_t number : graph.nodes[i].inputs) arguments.push_back(values[static_cast<size_t>(number)]);
    values.push_back(impl_->operations[i].run(arguments));
  }
  std::vector<Array> outputs;
  for (int32_t number : graph.outputs) outputs.push_back(values[static_cast<size_t>(number)]);
  return outputs;
}

}  // namespace hornbeam::runtime
