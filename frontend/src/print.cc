// Printing as NumPy does: one column width for all elements, brackets by axis, the middle of large axes left out.
#include <hornbeam/print.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace hornbeam {
namespace {

std::string fixed(double value, int precision) {
  char text[400];
  std::snprintf(text, sizeof text, "%.*f", precision, value);
  return text;
}

class Printer {
 public:
  Printer(const Array& array, const PrintOptions& options)
      : array_(array), options_(options), summarizes_(array.num_elements() > options.threshold) {
    visit(0, 0, [&](int64_t at) { shown_.push_back(at); });
    if (is_float(array.dtype())) choose_format();
    for (int64_t at : shown_) width_ = std::max(width_, one(at).size());
  }

  std::string text() {
    std::string out;
    write(0, 0, out);
    return out;
  }

 private:
  // The elements that are shown, in order.
  template <class F>
  void visit(int64_t axis, int64_t offset, F f) {
    if (axis == array_.shape().rank()) return f(offset);
    const int64_t size = array_.shape()[axis];
    for (int64_t i = 0; i < size; ++i) {
      if (leaves_out(i, size)) continue;
      visit(axis + 1, offset * size + i, f);
    }
  }
  bool leaves_out(int64_t i, int64_t size) const {
    return summarizes_ && size > 2 * options_.edge_items && i >= options_.edge_items && i < size - options_.edge_items;
  }

  // As few digits as show every element, at most `precision`; an exponent where the numbers differ too much.
  void choose_format() {
    double smallest = INFINITY, largest = 0;
    for (int64_t at : shown_) {
      const double value = std::abs(array_.get(at));
      if (!std::isfinite(value) || value == 0) continue;
      smallest = std::min(smallest, value), largest = std::max(largest, value);
    }
    scientific_ = largest >= 1e8 || (largest > 0 && (smallest < 1e-4 || largest / smallest > 1e3) && smallest < 1e-4);
    for (int64_t at : shown_) {
      if (!std::isfinite(array_.get(at))) continue;
      std::string text = fixed(array_.get(at), options_.precision);
      int digits = options_.precision;
      while (digits > 0 && text.back() == '0') text.pop_back(), --digits;
      digits_ = std::max(digits_, digits);
    }
  }

  std::string one(int64_t at) const {
    if (array_.dtype() == DType::boolean) return array_.get_int(at) ? "True" : "False";
    if (!is_float(array_.dtype())) return std::to_string(array_.get_int(at));
    const double value = array_.get(at);
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
    if (scientific_) {
      char text[64];
      std::snprintf(text, sizeof text, "%.*e", options_.precision, value);
      return text;
    }
    std::string text = fixed(value, digits_);
    if (digits_ == 0) return text + ".";
    // Zeros at the end are blanks, so that the points stand below each other.
    size_t last = text.find_last_not_of('0');
    for (size_t i = last + 1; i < text.size(); ++i) text[i] = ' ';
    return text;
  }

  void write(int64_t axis, int64_t offset, std::string& out) {
    const int64_t rank = array_.shape().rank();
    if (axis == rank) {
      std::string text = one(offset);
      if (rank > 0) out.append(width_ - text.size(), ' ');
      out += text;
      return;
    }
    const int64_t size = array_.shape()[axis];
    out += "[";
    for (int64_t i = 0; i < size; ++i) {
      if (i > 0) separate(axis, out);
      if (leaves_out(i, size)) {
        out += "...";
        i = size - options_.edge_items - 1;
        continue;
      }
      write(axis + 1, offset * size + i, out);
    }
    out += "]";
  }
  void separate(int64_t axis, std::string& out) const {
    const int64_t below = array_.shape().rank() - axis - 1;
    if (below == 0) return void(out += " ");
    out.append(static_cast<size_t>(below), '\n');
    out.append(static_cast<size_t>(axis + 1), ' ');
  }

  const Array& array_;
  const PrintOptions& options_;
  bool summarizes_;
  std::vector<int64_t> shown_;
  bool scientific_ = false;
  int digits_ = 0;
  size_t width_ = 0;
};

}  // namespace

std::string to_string(const Array& array, const PrintOptions& options) {
  if (!array.valid()) return "<no array>";
  if (array.dtype() == DType::string) return "<strings of shape " + array.shape().to_string() + ">";
  return Printer(array, options).text();
}

std::string to_string(const Tensor& tensor, const PrintOptions& options) {
  if (!tensor) return "<no tensor>";
  if (tensor.is_concrete()) return to_string(tensor.array(), options);
  std::string text = "<Tensor shape=" + tensor.shape().to_string() + ", dtype=" + std::string(name_of(tensor.dtype()));
  return text + (tensor.is_symbolic() ? ", name=" + tensor.name() : "") + ">";
}

std::ostream& operator<<(std::ostream& stream, const Array& array) { return stream << to_string(array); }
std::ostream& operator<<(std::ostream& stream, const Tensor& tensor) { return stream << to_string(tensor); }

double element(const Tensor& tensor, const std::vector<int64_t>& index) {
  const Shape& shape = tensor.shape();
  if (static_cast<int64_t>(index.size()) != shape.rank())
    throw ValueError("item: the tensor of shape " + shape.to_string() + " has " + std::to_string(shape.rank()) +
                     " axes. Received: " + std::to_string(index.size()) + " indices");
  int64_t at = 0;
  for (size_t axis = 0; axis < index.size(); ++axis) {
    const int64_t size = shape[static_cast<int64_t>(axis)], i = index[axis] < 0 ? index[axis] + size : index[axis];
    if (i < 0 || i >= size)
      throw ValueError("item: index " + std::to_string(index[axis]) + " is out of bounds for axis " +
                       std::to_string(axis) + " of shape " + shape.to_string());
    at = at * size + i;
  }
  return tensor.array().get(at);
}

}  // namespace hornbeam
