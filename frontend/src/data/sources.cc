// Where elements come from: arrays, generators, numbers. (CSV files and sequences have their own files.)
#include <hornbeam/base/error.h>

#include "frontend/src/data/cancel.h"
#include "frontend/src/data/nodes.h"

namespace hornbeam::data {
namespace {

class ArraysNode : public Node {
 public:
  explicit ArraysNode(Element arrays) : rows_(std::make_shared<Element>(std::move(arrays))) {
    count_ = arrays_of(*rows_)[0].shape()[0];
  }
  std::unique_ptr<Iterator> iterate(int64_t) const override { return std::make_unique<Pass>(rows_, count_); }
  int64_t cardinality() const override { return count_; }

 private:
  struct Pass : Iterator {
    Pass(Rows rows, int64_t count) : rows(std::move(rows)), count(count) {}
    bool next(Item& item) override {
      if (at == count) return false;
      item = Item(rows, at++);
      return true;
    }
    Rows rows;
    int64_t count, at = 0;
  };
  Rows rows_;
  int64_t count_ = 0;
};

class GeneratorNode : public Node {
 public:
  GeneratorNode(std::function<Dataset::Next()> make, int64_t cardinality)
      : make_(std::move(make)), cardinality_(cardinality) {}
  std::unique_ptr<Iterator> iterate(int64_t) const override { return std::make_unique<Pass>(make_()); }
  int64_t cardinality() const override { return cardinality_; }

 private:
  struct Pass : Iterator {
    explicit Pass(Dataset::Next next) : call(std::move(next)) {}
    bool next(Item& item) override {
      if (!call) return false;
      check_cancelled();
      std::optional<Element> element = call();
      if (!element) {
        call = nullptr;
        return false;
      }
      item = Item(std::move(*element));
      return true;
    }
    Dataset::Next call;
  };
  std::function<Dataset::Next()> make_;
  int64_t cardinality_;
};

class RangeNode : public Node {
 public:
  RangeNode(int64_t start, int64_t stop, int64_t step) : start_(start), step_(step) {
    int64_t span = step > 0 ? stop - start : start - stop, size = step > 0 ? step : -step;
    count_ = span <= 0 ? 0 : (span - 1) / size + 1;
  }
  std::unique_ptr<Iterator> iterate(int64_t) const override { return std::make_unique<Pass>(start_, step_, count_); }
  int64_t cardinality() const override { return count_; }

 private:
  struct Pass : Iterator {
    Pass(int64_t at, int64_t step, int64_t left) : at(at), step(step), left(left) {}
    bool next(Item& item) override {
      if (left == 0) return false;
      item = Item(Element{.x = Array::scalar<int64_t>(at)});
      at += step;
      --left;
      return true;
    }
    int64_t at, step, left;
  };
  int64_t start_, step_, count_;
};

}  // namespace

NodePtr arrays_node(Element arrays) { return std::make_shared<ArraysNode>(std::move(arrays)); }
NodePtr generator_node(std::function<Dataset::Next()> make, int64_t cardinality) {
  return std::make_shared<GeneratorNode>(std::move(make), cardinality);
}
NodePtr range_node(int64_t start, int64_t stop, int64_t step) {
  if (step == 0) throw ValueError("Dataset::range: step must not be 0.");
  return std::make_shared<RangeNode>(start, stop, step);
}

}  // namespace hornbeam::data
