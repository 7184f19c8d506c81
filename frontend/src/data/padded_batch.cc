// Batches of elements whose shapes differ: zeros fill what the smaller ones lack.
#include <algorithm>

#include <hornbeam/base/error.h>

#include "frontend/src/data/nodes.h"

namespace hornbeam::data {
namespace {

// Copies an array of a smaller shape to the begin of a larger one.
void copy_corner(const Array& from, Array& to, int64_t to_at, const Shape& to_shape) {
  if (from.num_elements() == 0) return;
  const int64_t rank = from.shape().rank();
  const int64_t run = rank ? from.shape()[rank - 1] : 1;
  std::vector<int64_t> strides(static_cast<size_t>(rank), 1), index(static_cast<size_t>(rank), 0);
  for (int64_t axis = rank - 1; axis-- > 0;)
    strides[static_cast<size_t>(axis)] = strides[static_cast<size_t>(axis + 1)] * to_shape[axis + 1];
  for (int64_t at = 0; at < from.num_elements(); at += run) {
    int64_t place = to_at;
    for (int64_t axis = 0; axis + 1 < rank; ++axis)
      place += index[static_cast<size_t>(axis)] * strides[static_cast<size_t>(axis)];
    copy_elements(from, at, to, place, run);
    for (int64_t axis = rank - 1; axis-- > 0;) {
      if (++index[static_cast<size_t>(axis)] < from.shape()[axis]) break;
      index[static_cast<size_t>(axis)] = 0;
    }
  }
}

class PaddedBatchNode : public Node {
 public:
  PaddedBatchNode(NodePtr input, int64_t size) : input_(std::move(input)), size_(size) {}
  std::unique_ptr<Iterator> iterate(int64_t pass) const override {
    return std::make_unique<Pass>(input_->iterate(pass), size_);
  }
  int64_t cardinality() const override {
    int64_t count = input_->cardinality();
    return count < 0 ? count : (count + size_ - 1) / size_;
  }
  std::optional<int64_t> batch_size() const override { return size_; }

 private:
  struct Pass : Iterator {
    Pass(std::unique_ptr<Iterator> input, int64_t size) : input(std::move(input)), size(size) {}

    bool next(Item& item) override {
      std::vector<Element> elements;
      Item one;
      while (static_cast<int64_t>(elements.size()) < size && input->next(one)) elements.push_back(one.take());
      if (elements.empty()) return false;
      std::vector<std::vector<Array>> arrays;
      for (const Element& element : elements) arrays.push_back(arrays_of(element));
      for (size_t i = 1; i < arrays.size(); ++i)
        if (!same_kind(arrays[0], arrays[i]))
          throw ValueError("padded batch: elements must have the same numbers of axes and dtypes. Received: element " +
                           std::to_string(index + static_cast<int64_t>(i)) + " with " + describe(elements[i]) +
                           ", after one with " + describe(elements[0]));
      index += static_cast<int64_t>(elements.size());
      size_t next = 0;
      item = Item(map_arrays(elements[0], [&](const Array&) { return batch_of(arrays, next++); }));
      return true;
    }

    static bool same_kind(const std::vector<Array>& a, const std::vector<Array>& b) {
      return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Array& x, const Array& y) {
        return x.dtype() == y.dtype() && x.shape().rank() == y.shape().rank();
      });
    }

    static Array batch_of(const std::vector<std::vector<Array>>& arrays, size_t which) {
      const Array& first = arrays[0][which];
      std::vector<int64_t> shape{static_cast<int64_t>(arrays.size())};
      shape.insert(shape.end(), first.shape().begin(), first.shape().end());
      for (const std::vector<Array>& element : arrays)
        for (int64_t axis = 0; axis < first.shape().rank(); ++axis) {
          int64_t& largest = shape[static_cast<size_t>(axis + 1)];
          largest = std::max(largest, element[which].shape()[axis]);
        }
      Shape one(std::vector<int64_t>(shape.begin() + 1, shape.end()));
      Array batch(first.dtype(), Shape(std::move(shape)));
      for (size_t i = 0; i < arrays.size(); ++i)
        copy_corner(arrays[i][which], batch, static_cast<int64_t>(i) * one.num_elements(), one);
      return batch;
    }

    std::unique_ptr<Iterator> input;
    int64_t size, index = 0;
  };
  NodePtr input_;
  int64_t size_;
};

}  // namespace

NodePtr padded_batch_node(NodePtr input, int64_t batch_size) {
  return std::make_shared<PaddedBatchNode>(std::move(input), batch_size);
}

}  // namespace hornbeam::data
