#include "runtime/package/host_graph_message.h"

#include <hornbeam/base/error.h>

namespace hornbeam::runtime {
namespace {

namespace pb = hornbeam_package;
using Salt = std::optional<std::array<uint64_t, 2>>;

void put(const Encoding& encoding, pb::Encoding& message) {
  message.set_mode(encoding.mode);
  message.set_depth(encoding.depth);
  message.set_dtype(std::string(name_of(encoding.dtype)));
  message.mutable_weights()->Add(encoding.weights.begin(), encoding.weights.end());
}

DType get_dtype(const std::string& name) {
  std::optional<DType> dtype = dtype_from_name(name);
  if (!dtype || *dtype == DType::invalid) throw ValueError("the dtype '" + name + "' is not known");
  return *dtype;
}

Encoding get(const pb::Encoding& message) {
  return {message.mode(), message.depth(), get_dtype(message.dtype()),
          {message.weights().begin(), message.weights().end()}};
}

template <class Message>
void put_salt(const Salt& salt, Message& message) {
  if (salt)
    for (uint64_t half : *salt) message.add_salt(half);
}

template <class Message>
Salt get_salt(const Message& message) {
  if (message.salt_size() == 0) return {};
  if (message.salt_size() != 2) throw ValueError("a salt has two halves");
  return Salt({message.salt(0), message.salt(1)});
}

template <class Op, class Message>
void put_mask(const Op& op, Message& message) {
  if (op.mask) message.set_mask(*op.mask);
}

template <class Message>
std::optional<std::string> get_mask(const Message& message) {
  return message.has_mask() ? std::optional<std::string>(message.mask()) : std::nullopt;
}

template <class Message>
void put_tokens(const std::vector<std::string>& tokens, Message& message) {
  for (const std::string& token : tokens) message.add_tokens(token);
}

void put(const LookupOp& op, pb::Lookup& message) {
  put_tokens(op.tokens, message);
  message.set_num_oov(op.num_oov);
  put_mask(op, message);
  put_salt(op.salt, message);
  put(op.encoding, *message.mutable_encoding());
}

LookupOp get(const pb::Lookup& message) {
  return {{message.tokens().begin(), message.tokens().end()},
          message.num_oov(),
          get_mask(message),
          get_salt(message),
          get(message.encoding())};
}

// One overload for each operation, on the message of its node.
struct Put {
  pb::HostNode& node;

  void operator()(const LookupOp& op) { put(op, *node.mutable_lookup()); }
  void operator()(const VectorizeOp& op) {
    pb::Vectorize& message = *node.mutable_vectorize();
    message.set_lower(op.lower);
    message.set_strip_punctuation(op.strip_punctuation);
    message.set_split(op.split);
    message.mutable_ngrams()->Add(op.ngrams.begin(), op.ngrams.end());
    if (op.sequence_length) message.set_sequence_length(*op.sequence_length);
    put(op.lookup, *message.mutable_lookup());
  }
  void operator()(const TokensOp& op) {
    pb::Tokens& message = *node.mutable_tokens();
    put_tokens(op.tokens, message);
    message.set_first_token(op.first_token);
    message.set_oov_token(op.oov_token);
    put_mask(op, message);
  }
  void operator()(const HashOp& op) {
    pb::Hash& message = *node.mutable_hash();
    message.set_num_bins(op.num_bins);
    put_salt(op.salt, message);
    put_mask(op, message);
    put(op.encoding, *message.mutable_encoding());
  }
  void operator()(const CrossOp& op) {
    node.mutable_cross()->set_num_bins(op.num_bins);
    put(op.encoding, *node.mutable_cross()->mutable_encoding());
  }
  void operator()(const ReshapeOp& op) {
    for (int64_t dim : op.shape) node.mutable_reshape()->add_shape(dim);
  }
};

HostOp get_op(const pb::HostNode& node) {
  switch (node.op_case()) {
    case pb::HostNode::kLookup: return get(node.lookup());
    case pb::HostNode::kVectorize: {
      const pb::Vectorize& message = node.vectorize();
      VectorizeOp op{message.lower(), message.strip_punctuation(), message.split(),
                     {message.ngrams().begin(), message.ngrams().end()}, {}, get(message.lookup())};
      if (message.has_sequence_length()) op.sequence_length = message.sequence_length();
      return op;
    }
    case pb::HostNode::kTokens: {
      const pb::Tokens& message = node.tokens();
      return TokensOp{{message.tokens().begin(), message.tokens().end()}, message.first_token(), message.oov_token(),
                      get_mask(message)};
    }
    case pb::HostNode::kHash:
      return HashOp{node.hash().num_bins(), get_salt(node.hash()), get_mask(node.hash()), get(node.hash().encoding())};
    case pb::HostNode::kCross: return CrossOp{node.cross().num_bins(), get(node.cross().encoding())};
    case pb::HostNode::kReshape:
      return ReshapeOp{Shape(std::vector<int64_t>(node.reshape().shape().begin(), node.reshape().shape().end()))};
    case pb::HostNode::OP_NOT_SET: break;
  }
  throw ValueError("a node of its host graph has no operation");
}

}  // namespace

void put_host_graph(const HostGraph& graph, pb::HostGraph& message) {
  for (const HostGraph::Input& input : graph.inputs) {
    pb::HostInput& out = *message.add_inputs();
    out.set_name(input.name);
    out.set_dtype(std::string(name_of(input.dtype)));
    for (int64_t dim : input.shape) out.add_shape(dim);
  }
  for (const HostNode& node : graph.nodes) {
    pb::HostNode& out = *message.add_nodes();
    std::visit(Put{out}, node.op);
    out.mutable_inputs()->Add(node.inputs.begin(), node.inputs.end());
  }
  message.mutable_outputs()->Add(graph.outputs.begin(), graph.outputs.end());
}

HostGraph get_host_graph(const pb::HostGraph& message) {
  HostGraph graph;
  for (const pb::HostInput& input : message.inputs())
    graph.inputs.push_back({input.name(), get_dtype(input.dtype()),
                            Shape(std::vector<int64_t>(input.shape().begin(), input.shape().end()))});
  for (const pb::HostNode& node : message.nodes())
    graph.nodes.push_back({get_op(node), {node.inputs().begin(), node.inputs().end()}});
  graph.outputs.assign(message.outputs().begin(), message.outputs().end());
  HostFunction check(graph);  // the numbers of values fit
  return graph;
}

}  // namespace hornbeam::runtime
