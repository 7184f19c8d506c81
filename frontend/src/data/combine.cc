// Several datasets as one: zip and interleave.
#include <algorithm>
#include <deque>

#include <hornbeam/base/error.h>

#include "frontend/src/data/nodes.h"

namespace hornbeam::data {
namespace {

// Datasets of x alone become x, y and sample_weight; else all members are put together, in order.
Element join(std::vector<Element> parts) {
  bool only_x = std::all_of(parts.begin(), parts.end(),
                            [](const Element& part) { return part.y.empty() && part.sample_weight.empty(); });
  if (only_x && parts.size() <= 3) {
    Element joined{.x = std::move(parts[0].x)};
    if (parts.size() > 1) joined.y = std::move(parts[1].x);
    if (parts.size() > 2) joined.sample_weight = std::move(parts[2].x);
    return joined;
  }
  std::vector<Array> x, y, weights;
  for (const Element& part : parts) {
    x.insert(x.end(), part.x.begin(), part.x.end());
    y.insert(y.end(), part.y.begin(), part.y.end());
    weights.insert(weights.end(), part.sample_weight.begin(), part.sample_weight.end());
  }
  auto tree = [](std::vector<Array> arrays) {
    return arrays.empty() ? Arrays() : arrays.size() == 1 ? Arrays(arrays[0]) : Arrays(std::move(arrays));
  };
  return {tree(std::move(x)), tree(std::move(y)), tree(std::move(weights))};
}

class ZipNode : public Node {
 public:
  explicit ZipNode(std::vector<NodePtr> inputs) : inputs_(std::move(inputs)) {}
  std::unique_ptr<Iterator> iterate(int64_t pass) const override {
    auto made = std::make_unique<Pass>();
    for (const NodePtr& input : inputs_) made->inputs.push_back(input->iterate(pass));
    return made;
  }
  int64_t cardinality() const override {
    int64_t least = Dataset::kInfinite;
    for (const NodePtr& input : inputs_) {
      int64_t count = input->cardinality();
      if (count == Dataset::kInfinite) continue;
      if (count < 0) return count;
      least = least < 0 ? count : std::min(least, count);
    }
    return least;
  }

 private:
  struct Pass : Iterator {
    bool next(Item& item) override {
      std::vector<Element> parts;
      for (const auto& input : inputs) {
        Item part;
        if (!input->next(part)) return false;
        parts.push_back(part.take());
      }
      item = Item(join(std::move(parts)));
      return true;
    }
    std::vector<std::unique_ptr<Iterator>> inputs;
  };
  std::vector<NodePtr> inputs_;
};

class InterleaveNode : public Node {
 public:
  InterleaveNode(NodePtr input, std::function<NodePtr(const Element&)> f, InterleaveOptions options)
      : input_(std::move(input)), f_(std::move(f)), options_(options) {}
  std::unique_ptr<Iterator> iterate(int64_t pass) const override { return std::make_unique<Pass>(*this, pass); }
  int64_t cardinality() const override {
    int64_t count = input_->cardinality();
    return count == Dataset::kInfinite || count == 0 ? count : Dataset::kUnknownSize;
  }

 private:
  // Open datasets have fixed places, each filled again when its dataset ends: tf.data's order.
  struct Pass : Iterator {
    Pass(const InterleaveNode& node, int64_t pass)
        : f(node.f_), options(node.options_), input(node.input_->iterate(pass)), pass(pass),
          open(static_cast<size_t>(options.cycle_length)) {}

    bool next(Item& item) override {
      size_t empty = 0;
      while (empty < open.size()) {
        if (!open[at] && !fill()) {
          ++empty;
          advance();
          continue;
        }
        empty = 0;
        if (open[at]->next(item)) {
          if (++taken == options.block_length) advance();
          return true;
        }
        open[at] = nullptr;
        advance();
      }
      return false;
    }
    bool fill() {
      Item item;
      if (!input || !input->next(item)) {
        input = nullptr;
        return false;
      }
      NodePtr node = f(item.element());
      if (options.num_parallel_calls > 1)
        open[at] = read_ahead([node, pass = pass] { return node->iterate(pass); }, 2 * options.block_length);
      else
        open[at] = node->iterate(pass);
      return true;
    }
    void advance() {
      at = (at + 1) % open.size();
      taken = 0;
    }

    std::function<NodePtr(const Element&)> f;
    InterleaveOptions options;
    std::unique_ptr<Iterator> input;
    int64_t pass;
    std::vector<std::unique_ptr<Iterator>> open;
    size_t at = 0;
    int64_t taken = 0;
  };
  NodePtr input_;
  std::function<NodePtr(const Element&)> f_;
  InterleaveOptions options_;
};

}  // namespace

NodePtr zip_node(std::vector<NodePtr> inputs) {
  if (inputs.empty()) throw ValueError("Dataset::zip: expected at least one dataset.");
  return std::make_shared<ZipNode>(std::move(inputs));
}
NodePtr interleave_node(NodePtr input, std::function<NodePtr(const Element&)> f, InterleaveOptions options) {
  if (options.cycle_length <= 0 || options.cycle_length > 1024 || options.block_length <= 0)
    throw ValueError(
        "Dataset::interleave: `cycle_length` must be 1 to 1024 and `block_length` positive. Received: cycle_length=" +
        std::to_string(options.cycle_length) + ", block_length=" + std::to_string(options.block_length));
  return std::make_shared<InterleaveNode>(std::move(input), std::move(f), options);
}

}  // namespace hornbeam::data
