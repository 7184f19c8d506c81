// A BatchSequence as a source: its batches in order, or shuffled anew in each pass, computed by its workers.
#include <atomic>
#include <mutex>
#include <numeric>

#include <hornbeam/base/error.h>
#include <hornbeam/data/batch_sequence.h>
#include <hornbeam/random.h>

#include "frontend/src/data/nodes.h"

namespace hornbeam::data {
namespace {

class SequenceNode : public Node {
 public:
  explicit SequenceNode(std::shared_ptr<BatchSequence> sequence)
      : sequence_(std::move(sequence)), options_(sequence_->options()) {
    numbers_ = range_node(0, checked_size(), 1);
  }
  std::unique_ptr<Iterator> iterate(int64_t pass) const override {
    if (begun_.exchange(true)) sequence_->on_epoch_end();
    int64_t size = checked_size();  // on_epoch_end may have changed it
    NodePtr numbers = size == numbers_->cardinality() ? numbers_ : range_node(0, size, 1);
    return std::make_unique<Pass>(chain(numbers), pass);
  }
  int64_t cardinality() const override { return sequence_->size(); }

  static NodePtr make(std::shared_ptr<BatchSequence> sequence) {
    auto node = std::make_shared<SequenceNode>(sequence);
    const BatchSequence::Options& options = node->options_;
    if (options.workers < 1 || options.max_queue_size < 1)
      throw ValueError("BatchSequence: `workers` and `max_queue_size` must be positive. Received: workers=" +
                       std::to_string(options.workers) + ", max_queue_size=" + std::to_string(options.max_queue_size));
    if (options.shuffle) node->seed_ = static_cast<uint64_t>(options.seed ? *options.seed : draw_seed());
    return node;
  }

 private:
  int64_t checked_size() const {
    int64_t size = sequence_->size();
    if (size < 0)
      throw ValueError("BatchSequence: size() must not be negative. Received: " + std::to_string(size));
    return size;
  }
  NodePtr chain(NodePtr numbers) const {
    if (options_.shuffle) numbers = shuffle_node(numbers, 0, seed_, true);
    auto compute = [sequence = sequence_](Element element, const MapCall&) {
      return sequence->batch(element.x.single().get_int(0));
    };
    numbers = map_node(numbers, compute, options_.workers, 0);
    return options_.workers > 1 ? prefetch_node(numbers, options_.max_queue_size) : numbers;
  }
  // Keeps the chain alive as long as it runs.
  struct Pass : Iterator {
    Pass(NodePtr node, int64_t pass) : node(std::move(node)), input(this->node->iterate(pass)) {}
    bool next(Item& item) override { return input->next(item); }
    NodePtr node;
    std::unique_ptr<Iterator> input;
  };

  std::shared_ptr<BatchSequence> sequence_;
  BatchSequence::Options options_;
  NodePtr numbers_;
  uint64_t seed_ = 0;
  mutable std::atomic<bool> begun_{false};
};

}  // namespace

NodePtr sequence_node(std::shared_ptr<BatchSequence> sequence) {
  if (!sequence) throw ValueError("Dataset::from_sequence: the sequence is null.");
  return SequenceNode::make(std::move(sequence));
}

}  // namespace hornbeam::data
