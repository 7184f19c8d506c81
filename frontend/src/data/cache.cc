// cache: the elements of the first whole pass, kept in memory.
#include <mutex>

#include "frontend/src/data/nodes.h"

namespace hornbeam::data {
namespace {

class CacheNode : public Node {
 public:
  explicit CacheNode(NodePtr input) : input_(std::move(input)), kept_(std::make_shared<Kept>()) {}
  std::unique_ptr<Iterator> iterate(int64_t pass) const override {
    {
      std::lock_guard lock(kept_->mutex);
      if (kept_->whole) return std::make_unique<Replay>(kept_);
    }
    return std::make_unique<Recording>(input_->iterate(pass), kept_);
  }
  int64_t cardinality() const override { return input_->cardinality(); }

 private:
  struct Kept {
    std::mutex mutex;
    bool whole = false;
    std::vector<Item> items;
  };
  struct Replay : Iterator {
    explicit Replay(std::shared_ptr<const Kept> kept) : kept(std::move(kept)) {}
    bool next(Item& item) override {
      if (at == kept->items.size()) return false;
      item = kept->items[at++];
      return true;
    }
    std::shared_ptr<const Kept> kept;
    size_t at = 0;
  };
  // Of several first passes at a time the one that ends first is kept.
  struct Recording : Iterator {
    Recording(std::unique_ptr<Iterator> input, std::shared_ptr<Kept> kept)
        : input(std::move(input)), kept(std::move(kept)) {}
    bool next(Item& item) override {
      if (!input) return false;
      if (input->next(item)) {
        items.push_back(item);
        return true;
      }
      input = nullptr;
      std::lock_guard lock(kept->mutex);
      if (!kept->whole) kept->items = std::move(items);
      kept->whole = true;
      return false;
    }
    std::unique_ptr<Iterator> input;
    std::shared_ptr<Kept> kept;
    std::vector<Item> items;
  };
  NodePtr input_;
  std::shared_ptr<Kept> kept_;
};

}  // namespace

NodePtr cache_node(NodePtr input) { return std::make_shared<CacheNode>(std::move(input)); }

}  // namespace hornbeam::data
