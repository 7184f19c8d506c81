// shuffle: through a buffer, as tf.data does, or all elements.
#include <limits>

#include <hornbeam/base/error.h>
#include <hornbeam/base/philox.h>

#include "frontend/src/data/nodes.h"

namespace hornbeam::data {
namespace {

// Random numbers of one pass.
class Draws {
 public:
  explicit Draws(uint64_t seed) : seed_(seed) {}
  // Uniform in [0, bound). The bias of a 64-bit product is below bound / 2^64.
  size_t below(size_t bound) {
    return static_cast<size_t>((static_cast<unsigned __int128>(mix_seed(seed_, count_++)) * bound) >> 64);
  }

 private:
  uint64_t seed_;
  uint64_t count_ = 0;
};

class ShuffleNode : public Node {
 public:
  ShuffleNode(NodePtr input, int64_t buffer, uint64_t seed, bool reshuffle)
      : input_(std::move(input)), buffer_(buffer), seed_(seed), reshuffle_(reshuffle) {
    if (input_->cardinality() == Dataset::kInfinite && buffer == 0)
      throw ValueError("Dataset::shuffle: an infinite dataset cannot be shuffled as a whole. Give a buffer_size.");
  }
  std::unique_ptr<Iterator> iterate(int64_t pass) const override {
    uint64_t seed = mix_seed(seed_, reshuffle_ ? static_cast<uint64_t>(pass) : 0, 0x73687566);
    size_t buffer = buffer_ ? static_cast<size_t>(buffer_) : std::numeric_limits<size_t>::max();
    return std::make_unique<Pass>(input_->iterate(pass), buffer, seed);
  }
  int64_t cardinality() const override { return input_->cardinality(); }

 private:
  struct Pass : Iterator {
    Pass(std::unique_ptr<Iterator> input, size_t buffer, uint64_t seed)
        : input(std::move(input)), size(buffer), draws(seed) {}
    bool next(Item& item) override {
      Item more;
      while (input && items.size() < size) {
        if (input->next(more))
          items.push_back(std::move(more));
        else
          input = nullptr;
      }
      if (items.empty()) return false;
      std::swap(items[draws.below(items.size())], items.back());
      item = std::move(items.back());
      items.pop_back();
      return true;
    }
    std::unique_ptr<Iterator> input;
    size_t size;
    Draws draws;
    std::vector<Item> items;
  };
  NodePtr input_;
  int64_t buffer_;
  uint64_t seed_;
  bool reshuffle_;
};

}  // namespace

NodePtr shuffle_node(NodePtr input, int64_t buffer_size, uint64_t seed, bool reshuffle) {
  return std::make_shared<ShuffleNode>(std::move(input), buffer_size, seed, reshuffle);
}

}  // namespace hornbeam::data
