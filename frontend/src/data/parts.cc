// Which elements, and how often: repeat, take, skip, shard, concatenate.
#include <algorithm>

#include <hornbeam/base/error.h>

#include "frontend/src/data/nodes.h"

namespace hornbeam::data {
namespace {

class RepeatNode : public Node {
 public:
  RepeatNode(NodePtr input, int64_t count) : input_(std::move(input)), count_(count) {}
  std::unique_ptr<Iterator> iterate(int64_t pass) const override {
    return std::make_unique<Pass>(input_, count_, pass);
  }
  int64_t cardinality() const override {
    int64_t size = input_->cardinality(), all = 0;
    if (count_ == 0 || size == 0) return 0;
    if (count_ < 0) return Dataset::kInfinite;
    if (size < 0) return size;
    return __builtin_mul_overflow(size, count_, &all) ? Dataset::kInfinite : all;
  }

 private:
  struct Pass : Iterator {
    Pass(NodePtr node, int64_t count, int64_t pass) : node(std::move(node)), count(count), pass(pass) {}
    bool next(Item& item) override {
      while (count < 0 || round < count) {
        bool fresh = !input;
        // Each round is a pass of its own; with a count they go on where the last pass ended.
        if (fresh) input = node->iterate(count < 0 ? pass + round : pass * count + round);
        if (input->next(item)) return true;
        input = nullptr;
        ++round;
        if (fresh) count = 0;  // nothing to repeat
      }
      return false;
    }
    NodePtr node;
    int64_t count, pass, round = 0;
    std::unique_ptr<Iterator> input;
  };
  NodePtr input_;
  int64_t count_;
};

class TakeNode : public Node {
 public:
  TakeNode(NodePtr input, int64_t count) : input_(std::move(input)), count_(count) {}
  std::unique_ptr<Iterator> iterate(int64_t pass) const override {
    return std::make_unique<Pass>(input_->iterate(pass), count_);
  }
  int64_t cardinality() const override {
    int64_t size = input_->cardinality();
    if (size == Dataset::kInfinite || count_ == 0) return count_;
    return size < 0 ? size : std::min(size, count_);
  }

 private:
  struct Pass : Iterator {
    Pass(std::unique_ptr<Iterator> input, int64_t left) : input(std::move(input)), left(left) {}
    bool next(Item& item) override { return left > 0 && (--left, input->next(item)); }
    std::unique_ptr<Iterator> input;
    int64_t left;
  };
  NodePtr input_;
  int64_t count_;
};

class SkipNode : public Node {
 public:
  SkipNode(NodePtr input, int64_t count) : input_(std::move(input)), count_(count) {}
  std::unique_ptr<Iterator> iterate(int64_t pass) const override {
    return std::make_unique<Pass>(input_->iterate(pass), count_);
  }
  int64_t cardinality() const override {
    int64_t size = input_->cardinality();
    return size < 0 ? size : std::max<int64_t>(size - count_, 0);
  }

 private:
  struct Pass : Iterator {
    Pass(std::unique_ptr<Iterator> input, int64_t left) : input(std::move(input)), left(left) {}
    bool next(Item& item) override {
      for (; left > 0; --left)
        if (!input->next(item)) return left = 0, false;
      return input->next(item);
    }
    std::unique_ptr<Iterator> input;
    int64_t left;
  };
  NodePtr input_;
  int64_t count_;
};

class ShardNode : public Node {
 public:
  ShardNode(NodePtr input, int64_t shards, int64_t index) : input_(std::move(input)), shards_(shards), index_(index) {}
  std::unique_ptr<Iterator> iterate(int64_t pass) const override {
    return std::make_unique<Pass>(input_->iterate(pass), shards_, index_);
  }
  int64_t cardinality() const override {
    int64_t size = input_->cardinality();
    return size < 0 ? size : (size - index_ + shards_ - 1) / shards_;
  }

 private:
  struct Pass : Iterator {
    Pass(std::unique_ptr<Iterator> input, int64_t shards, int64_t index)
        : input(std::move(input)), shards(shards), index(index) {}
    bool next(Item& item) override {
      while (input->next(item))
        if (at++ % shards == index) return true;
      return false;
    }
    std::unique_ptr<Iterator> input;
    int64_t shards, index, at = 0;
  };
  NodePtr input_;
  int64_t shards_, index_;
};

class ConcatenateNode : public Node {
 public:
  ConcatenateNode(NodePtr first, NodePtr second) : first_(std::move(first)), second_(std::move(second)) {}
  std::unique_ptr<Iterator> iterate(int64_t pass) const override {
    return std::make_unique<Pass>(first_->iterate(pass), second_, pass);
  }
  int64_t cardinality() const override {
    int64_t a = first_->cardinality(), b = second_->cardinality();
    if (a == Dataset::kInfinite || b == Dataset::kInfinite) return Dataset::kInfinite;
    return a < 0 || b < 0 ? Dataset::kUnknownSize : a + b;
  }

 private:
  struct Pass : Iterator {
    Pass(std::unique_ptr<Iterator> input, NodePtr second, int64_t pass)
        : input(std::move(input)), second(std::move(second)), pass(pass) {}
    bool next(Item& item) override {
      if (input->next(item)) return true;
      if (!second) return false;
      input = std::exchange(second, nullptr)->iterate(pass);
      return input->next(item);
    }
    std::unique_ptr<Iterator> input;
    NodePtr second;
    int64_t pass;
  };
  NodePtr first_, second_;
};

void check_count(const char* name, int64_t count) {
  if (count < 0)
    throw ValueError(std::string("Dataset::") + name + ": `count` must not be negative. Received: count=" +
                     std::to_string(count));
}

}  // namespace

NodePtr repeat_node(NodePtr input, int64_t count) {
  return std::make_shared<RepeatNode>(std::move(input), count < 0 ? -1 : count);
}
NodePtr take_node(NodePtr input, int64_t count) {
  check_count("take", count);
  return std::make_shared<TakeNode>(std::move(input), count);
}
NodePtr skip_node(NodePtr input, int64_t count) {
  check_count("skip", count);
  return std::make_shared<SkipNode>(std::move(input), count);
}
NodePtr shard_node(NodePtr input, int64_t num_shards, int64_t index) {
  if (num_shards <= 0 || index < 0 || index >= num_shards)
    throw ValueError("Dataset::shard: `index` must be 0 to num_shards - 1. Received: num_shards=" +
                     std::to_string(num_shards) + ", index=" + std::to_string(index));
  return std::make_shared<ShardNode>(std::move(input), num_shards, index);
}
NodePtr concatenate_node(NodePtr first, NodePtr second) {
  return std::make_shared<ConcatenateNode>(std::move(first), std::move(second));
}

}  // namespace hornbeam::data
