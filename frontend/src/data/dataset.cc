// Dataset: a handle of nodes, and iteration over them.
#include <hornbeam/data/dataset.h>

#include <atomic>

#include <hornbeam/base/error.h>
#include <hornbeam/data/batch_sequence.h>
#include <hornbeam/random.h>

#include "frontend/src/data/nodes.h"

namespace hornbeam {
namespace {

uint64_t seed_or_drawn(const std::optional<int64_t>& seed) {
  return static_cast<uint64_t>(seed ? *seed : draw_seed());
}

// Counts the passes that users' own loops make over a dataset; what is made from it has its own count.
class RootNode : public data::Node {
 public:
  explicit RootNode(data::NodePtr input) : input_(std::move(input)) {}
  std::unique_ptr<data::Iterator> iterate(int64_t pass) const override { return input_->iterate(pass); }
  int64_t cardinality() const override { return input_->cardinality(); }
  int64_t next_pass() const { return passes_++; }
  const data::NodePtr& input() const { return input_; }

 private:
  data::NodePtr input_;
  mutable std::atomic<int64_t> passes_{0};
};

}  // namespace

Dataset::Dataset(data::NodePtr node) : node_(std::make_shared<RootNode>(std::move(node))) {}

const data::NodePtr& Dataset::node() const {
  if (!node_) throw ValueError("The Dataset is empty: make one with Dataset::from_arrays or another source.");
  return static_cast<const RootNode&>(*node_).input();
}

Dataset Dataset::from_arrays(Arrays x, Arrays y, Arrays sample_weight) {
  Element arrays{std::move(x), std::move(y), std::move(sample_weight)};
  if (arrays.x.empty()) throw ValueError("Dataset::from_arrays: x holds no array.");
  int64_t rows = -1;
  for (const Array& array : data::arrays_of(arrays)) {
    if (!array.valid() || array.shape().empty() || (rows >= 0 && array.shape()[0] != rows))
      throw ValueError("Dataset::from_arrays: all arrays must have the same number of rows. Received: " +
                       data::describe(arrays));
    rows = array.shape()[0];
  }
  return Dataset(data::arrays_node(std::move(arrays)));
}

Dataset Dataset::from_generator(std::function<Next()> make, int64_t cardinality) {
  return Dataset(data::generator_node(std::move(make), cardinality));
}
Dataset Dataset::from_sequence(std::shared_ptr<BatchSequence> sequence) {
  return Dataset(data::sequence_node(std::move(sequence)));
}
Dataset Dataset::range(int64_t start, int64_t stop, int64_t step) {
  return Dataset(data::range_node(start, stop, step));
}

Dataset Dataset::map_elements(MapFunction f, const MapOptions& options) const {
  return Dataset(data::map_node(node(), std::move(f), options.num_parallel_calls, seed_or_drawn(options.seed)));
}
Dataset Dataset::filter(std::function<bool(const Element&)> f) const {
  return Dataset(data::filter_node(node(), std::move(f)));
}
Dataset Dataset::batch(int64_t batch_size, const BatchDatasetOptions& options) const {
  return Dataset(data::batch_node(node(), batch_size, options.drop_remainder));
}
Dataset Dataset::unbatch() const { return Dataset(data::unbatch_node(node())); }
Dataset Dataset::shuffle(const ShuffleOptions& options) const {
  return Dataset(data::shuffle_node(node(), 0, seed_or_drawn(options.seed), options.reshuffle_each_iteration));
}
Dataset Dataset::shuffle(int64_t buffer_size, const ShuffleOptions& options) const {
  if (buffer_size <= 0)
    throw ValueError("Dataset::shuffle: `buffer_size` must be positive. Received: buffer_size=" +
                     std::to_string(buffer_size));
  return Dataset(
      data::shuffle_node(node(), buffer_size, seed_or_drawn(options.seed), options.reshuffle_each_iteration));
}
Dataset Dataset::repeat(std::optional<int64_t> count) const {
  return Dataset(data::repeat_node(node(), count.value_or(-1)));
}
Dataset Dataset::take(int64_t count) const { return Dataset(data::take_node(node(), count)); }
Dataset Dataset::skip(int64_t count) const { return Dataset(data::skip_node(node(), count)); }
Dataset Dataset::shard(int64_t num_shards, int64_t index) const {
  return Dataset(data::shard_node(node(), num_shards, index));
}
Dataset Dataset::concatenate(const Dataset& other) const {
  return Dataset(data::concatenate_node(node(), other.node()));
}
Dataset Dataset::cache() const { return Dataset(data::cache_node(node())); }
Dataset Dataset::prefetch(int64_t buffer_size) const { return Dataset(data::prefetch_node(node(), buffer_size)); }
Dataset Dataset::interleave(std::function<Dataset(const Element&)> f, const InterleaveOptions& options) const {
  auto make = [f = std::move(f)](const Element& element) { return f(element).node(); };
  return Dataset(data::interleave_node(node(), std::move(make), options));
}
Dataset Dataset::zip(std::vector<Dataset> datasets) {
  std::vector<data::NodePtr> nodes;
  for (const Dataset& dataset : datasets) nodes.push_back(dataset.node());
  return Dataset(data::zip_node(std::move(nodes)));
}

int64_t Dataset::cardinality() const { return node()->cardinality(); }

struct Dataset::Iterator::State {
  data::NodePtr node;  // lives as long as the pass
  std::unique_ptr<data::Iterator> pass;
  data::Item item;
};

Dataset::Iterator Dataset::begin() const {
  auto state = std::make_shared<Iterator::State>();
  state->node = node();
  state->pass = state->node->iterate(static_cast<const RootNode&>(*node_).next_pass());
  Iterator iterator;
  iterator.state_ = std::move(state);
  ++iterator;
  return iterator;
}

const Element& Dataset::Iterator::operator*() const { return state_->item.element(); }

Dataset::Iterator& Dataset::Iterator::operator++() {
  if (!state_->pass->next(state_->item)) state_ = nullptr;
  return *this;
}

std::vector<Element> Dataset::to_vector() const {
  if (cardinality() == kInfinite)
    throw ValueError("Dataset::to_vector: the dataset is infinite. Use take(count) first.");
  std::vector<Element> elements;
  for (const Element& element : *this) elements.push_back(element);
  return elements;
}

}  // namespace hornbeam
