// What a Dataset is made of: nodes that describe, iterators that run. One element on its way is an Item.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <hornbeam/data/dataset.h>

namespace hornbeam::data {

// Arrays whose rows are elements. Items that are rows of them carry numbers only.
using Rows = std::shared_ptr<const Element>;

// An element, or rows of arrays that stand for it: one row is a sample, a list of rows a batch. Small, as shuffling
// moves many.
class Item {
 public:
  Item() = default;
  explicit Item(Element element) : body_(std::make_shared<Body>(Body{{}, std::move(element)})) {}
  Item(Rows base, int64_t row) : base_(std::move(base)), row_(row) {}
  Item(Rows base, std::vector<int64_t> rows)
      : base_(std::move(base)), body_(std::make_shared<Body>(Body{std::move(rows), {}})) {}

  bool is_row() const { return base_ && !body_; }
  bool is_rows() const { return base_ && body_; }
  const Rows& base() const { return base_; }
  int64_t row() const { return row_; }
  const std::vector<int64_t>& rows() const { return body_->rows; }

  // The element itself; rows are copied out of their arrays.
  const Element& element();
  Element take() {
    element();
    return body_.use_count() == 1 ? std::move(body_->element) : body_->element;
  }

 private:
  struct Body {
    std::vector<int64_t> rows;
    Element element;
  };
  Rows base_;  // null where the element is here
  int64_t row_ = 0;
  std::shared_ptr<Body> body_;  // shared by copies, which do not change it
};

class Iterator {
 public:
  virtual ~Iterator() = default;  // ends and joins what threads it has
  // The next item; false at the end, from then on.
  virtual bool next(Item& item) = 0;
};

// Immutable and shared by datasets, except for caches.
class Node {
 public:
  virtual ~Node() = default;
  // A pass over the elements; random order depends on its number.
  virtual std::unique_ptr<Iterator> iterate(int64_t pass) const = 0;
  virtual int64_t cardinality() const = 0;  // Dataset::kInfinite, Dataset::kUnknownSize
  // How many samples an element has, where the last thing done was batch().
  virtual std::optional<int64_t> batch_size() const { return {}; }
};
using NodePtr = std::shared_ptr<const Node>;

// Copies `count` elements, strings too; the arrays have one dtype and enough elements.
void copy_elements(const Array& from, int64_t from_at, Array& to, int64_t to_at, int64_t count);
// Rows of arrays as an array of its own: [rows.size(), ...].
Array gather_rows(const Array& array, const int64_t* rows, int64_t count);
// A copy of one row, without the leading axis.
Array copy_row(const Array& array, int64_t row);
// f for each array of an element, structure kept.
template <class F>
Element map_arrays(const Element& element, F f) {
  return {element.x.map(f), element.y.map(f), element.sample_weight.map(f)};
}
// All arrays of an element: x, y, sample_weight.
std::vector<Array> arrays_of(const Element& element);
// "x of shape (28, 28) float32, y of shape () int32": for errors.
std::string describe(const Element& element);
// A new seed for a part of a pass: hashed, so that neighbours are unrelated.
uint64_t mix_seed(uint64_t seed, uint64_t a, uint64_t b = 0);

}  // namespace hornbeam::data
