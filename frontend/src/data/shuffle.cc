// shuffle: through a buffer, as tf.data does, or all elements.
#include <hornbeam/base/error.h>
#include <hornbeam/runtime/fit/loop.h>

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
    const int64_t order = reshuffle_ ? pass : 0;
    if (buffer_ == 0) return std::make_unique<WholePass>(input_->iterate(pass), seed_, order);
    return std::make_unique<Pass>(input_->iterate(pass), static_cast<size_t>(buffer_),
                                  mix_seed(seed_, static_cast<uint64_t>(order), 0x73687566));
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
  // All elements, in the order in which fit shuffles arrays by the same seed. Rows of one base are kept as numbers.
  struct WholePass : Iterator {
    WholePass(std::unique_ptr<Iterator> input, uint64_t seed, int64_t pass)
        : input(std::move(input)), seed(seed), pass(pass) {}
    bool next(Item& item) override {
      if (input) fill();
      if (at == order.size()) return false;
      const auto chosen = static_cast<size_t>(order[at++]);
      if (base)
        item = Item(base, rows[chosen]);
      else
        item = std::move(items[chosen]);
      return true;
    }
    void fill() {
      Item item;
      while (input->next(item)) {
        const bool fits = item.is_row() && items.empty() && (rows.empty() || item.base() == base);
        if (fits) {
          base = item.base();
          rows.push_back(item.row());
          continue;
        }
        for (int64_t row : rows) items.emplace_back(base, row);
        rows.clear();
        base = nullptr;
        items.push_back(std::move(item));
      }
      input = nullptr;
      order.resize(base ? rows.size() : items.size());
      runtime::shuffle_rows(seed, pass, order);
    }
    std::unique_ptr<Iterator> input;
    uint64_t seed;
    int64_t pass;
    Rows base;
    std::vector<int64_t> rows;
    std::vector<Item> items;
    std::vector<int64_t> order;
    size_t at = 0;
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
