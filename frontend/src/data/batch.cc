// batch and unbatch. Rows of the same arrays become a list of their numbers; other elements are copied together.
#include <algorithm>

#include <hornbeam/base/error.h>

#include "frontend/src/data/nodes.h"

namespace hornbeam::data {
namespace {

bool same_structure(const Arrays& a, const Arrays& b) {
  if (a.kind() != b.kind() || a.size() != b.size() || a.keys() != b.keys()) return false;
  for (size_t i = 0; i < a.size(); ++i)
    if (a[i].dtype() != b[i].dtype() || a[i].shape() != b[i].shape()) return false;
  return true;
}
bool same_structure(const Element& a, const Element& b) {
  return same_structure(a.x, b.x) && same_structure(a.y, b.y) && same_structure(a.sample_weight, b.sample_weight);
}

// [count, ...] with the same structure as one element.
Element make_batch(const Element& like, int64_t count) {
  return map_arrays(like, [&](const Array& array) {
    std::vector<int64_t> shape{count};
    shape.insert(shape.end(), array.shape().begin(), array.shape().end());
    return Array(array.dtype(), Shape(std::move(shape)));
  });
}

void copy_into(const Element& element, Element& batch, int64_t row) {
  std::vector<Array> from = arrays_of(element), to = arrays_of(batch);
  for (size_t i = 0; i < from.size(); ++i)
    copy_elements(from[i], 0, to[i], row * from[i].num_elements(), from[i].num_elements());
}

class BatchNode : public Node {
 public:
  BatchNode(NodePtr input, int64_t size, bool drop) : input_(std::move(input)), size_(size), drop_(drop) {}
  std::unique_ptr<Iterator> iterate(int64_t pass) const override {
    return std::make_unique<Pass>(input_->iterate(pass), size_, drop_);
  }
  int64_t cardinality() const override {
    int64_t count = input_->cardinality();
    if (count < 0) return count;
    return drop_ ? count / size_ : (count + size_ - 1) / size_;
  }
  std::optional<int64_t> batch_size() const override { return size_; }

 private:
  struct Pass : Iterator {
    Pass(std::unique_ptr<Iterator> input, int64_t size, bool drop)
        : input(std::move(input)), size(size), drop(drop) {}

    bool next(Item& item) override {
      Item first;
      if (!input->next(first)) return false;
      bool whole = first.is_row() ? batch_rows(first, item) : batch_elements(first, item, 0, {});
      return whole || !drop;
    }

    bool batch_rows(const Item& first, Item& item) {
      std::vector<int64_t> rows;
      rows.reserve(static_cast<size_t>(size));
      rows.push_back(first.row());
      Item other;
      while (static_cast<int64_t>(rows.size()) < size) {
        if (!input->next(other)) {
          index += static_cast<int64_t>(rows.size());
          item = Item(first.base(), std::move(rows));
          return false;
        }
        if (!other.is_row() || other.base() != first.base()) {
          // The arrays' rows end here: what is there is copied out.
          Item begun(first.base(), rows);
          return batch_elements(other, item, static_cast<int64_t>(rows.size()), begun.take());
        }
        rows.push_back(other.row());
      }
      index += size;
      item = Item(first.base(), std::move(rows));
      return true;
    }

    // `count` elements are in `begun` already.
    bool batch_elements(Item& first, Item& item, int64_t count, Element begun) {
      Element like = first.element();
      Element batch = make_batch(like, size);
      if (count > 0) {
        Element before = map_arrays(begun, [&](const Array& array) { return copy_row(array, 0); });
        check(before, like, index + count);
        std::vector<Array> from = arrays_of(begun), to = arrays_of(batch);
        for (size_t i = 0; i < from.size(); ++i) copy_elements(from[i], 0, to[i], 0, from[i].num_elements());
      }
      copy_into(like, batch, count++);
      Item other;
      while (count < size && input->next(other)) {
        check(like, other.element(), index + count);
        copy_into(other.element(), batch, count++);
      }
      index += count;
      bool whole = count == size;
      item = Item(whole ? batch : map_arrays(batch, [&](const Array& array) { return array.rows(0, count); }));
      return whole;
    }

    void check(const Element& like, const Element& element, int64_t number) const {
      if (same_structure(like, element)) return;
      throw ValueError("Dataset::batch: element " + std::to_string(number) + " does not go into a batch with the one " +
                       "before it. Expected: " + describe(like) + ". Received: " + describe(element));
    }

    std::unique_ptr<Iterator> input;
    int64_t size;
    bool drop;
    int64_t index = 0;
  };

  NodePtr input_;
  int64_t size_;
  bool drop_;
};

class UnbatchNode : public Node {
 public:
  explicit UnbatchNode(NodePtr input) : input_(std::move(input)) {}
  std::unique_ptr<Iterator> iterate(int64_t pass) const override {
    return std::make_unique<Pass>(input_->iterate(pass));
  }
  int64_t cardinality() const override {
    int64_t count = input_->cardinality();
    return count == Dataset::kInfinite || count == 0 ? count : Dataset::kUnknownSize;
  }

 private:
  struct Pass : Iterator {
    explicit Pass(std::unique_ptr<Iterator> input) : input(std::move(input)) {}
    bool next(Item& item) override {
      while (at == count) {
        Item batch;
        if (!input->next(batch)) return false;
        at = 0;
        if (batch.is_rows()) {
          base = batch.base();
          numbers = batch.rows();
          count = static_cast<int64_t>(numbers.size());
        } else {
          numbers.clear();
          base = std::make_shared<Element>(batch.take());
          count = rows_of(*base);
        }
        ++index;
      }
      item = Item(base, numbers.empty() ? at : numbers[static_cast<size_t>(at)]);
      ++at;
      return true;
    }
    int64_t rows_of(const Element& element) const {
      int64_t rows = -1;
      for (const Array& array : arrays_of(element)) {
        if (array.shape().empty() || (rows >= 0 && array.shape()[0] != rows))
          throw ValueError("Dataset::unbatch: element " + std::to_string(index) +
                           " is no batch: its arrays must have one leading axis. Received: " + describe(element));
        rows = array.shape()[0];
      }
      return std::max<int64_t>(rows, 0);
    }
    std::unique_ptr<Iterator> input;
    Rows base;
    std::vector<int64_t> numbers;
    int64_t at = 0, count = 0, index = 0;
  };
  NodePtr input_;
};

}  // namespace

NodePtr batch_node(NodePtr input, int64_t batch_size, bool drop_remainder) {
  if (batch_size <= 0)
    throw ValueError("Dataset::batch: `batch_size` must be positive. Received: batch_size=" +
                     std::to_string(batch_size));
  return std::make_shared<BatchNode>(std::move(input), batch_size, drop_remainder);
}
NodePtr unbatch_node(NodePtr input) { return std::make_shared<UnbatchNode>(std::move(input)); }

}  // namespace hornbeam::data
