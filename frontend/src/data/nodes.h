// The makers of nodes, one for each source and transformation of Dataset.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "frontend/src/data/node.h"

namespace hornbeam::data {

NodePtr arrays_node(Element arrays);
NodePtr generator_node(std::function<Dataset::Next()> make, int64_t cardinality);
NodePtr sequence_node(std::shared_ptr<BatchSequence> sequence);
NodePtr range_node(int64_t start, int64_t stop, int64_t step);

using MapFunction = std::function<Element(Element, const MapCall&)>;
NodePtr map_node(NodePtr input, MapFunction f, int num_parallel_calls, uint64_t seed);
NodePtr filter_node(NodePtr input, std::function<bool(const Element&)> f);
NodePtr batch_node(NodePtr input, int64_t batch_size, bool drop_remainder);
// Arrays of a batch end in zeros up to the largest of them along each axis.
NodePtr padded_batch_node(NodePtr input, int64_t batch_size);
NodePtr unbatch_node(NodePtr input);
// buffer_size 0: all elements.
NodePtr shuffle_node(NodePtr input, int64_t buffer_size, uint64_t seed, bool reshuffle);
// count -1: for ever.
NodePtr repeat_node(NodePtr input, int64_t count);
NodePtr take_node(NodePtr input, int64_t count);
NodePtr skip_node(NodePtr input, int64_t count);
NodePtr shard_node(NodePtr input, int64_t num_shards, int64_t index);
NodePtr concatenate_node(NodePtr first, NodePtr second);
NodePtr cache_node(NodePtr input);
NodePtr prefetch_node(NodePtr input, int64_t buffer_size);
NodePtr interleave_node(NodePtr input, std::function<NodePtr(const Element&)> f, InterleaveOptions options);
NodePtr zip_node(std::vector<NodePtr> inputs);

// An iterator whose items a thread of its own computes, up to `buffer_size` ahead.
std::unique_ptr<Iterator> read_ahead(std::function<std::unique_ptr<Iterator>()> make, int64_t buffer_size);

}  // namespace hornbeam::data
