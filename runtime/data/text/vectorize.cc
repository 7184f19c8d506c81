// Texts to numbers of their words.
#include <algorithm>

#include <hornbeam/base/strings.h>

#include "runtime/data/text/lookup.h"
#include "runtime/data/text/words.h"

namespace hornbeam::runtime {
namespace text {
namespace {

// How the texts of an array are cut: one text a row, or, for texts that are words already, one row of the last axis.
struct Rows {
  int64_t count = 1, width = 1;  // width: texts in a row
  Shape outer;                   // count elements
};

Rows rows_of(const VectorizeOp& op, const Array& texts) {
  Rows rows;
  std::vector<int64_t> dims = texts.shape().dims();
  if (op.split.empty()) {
    rows.width = dims.empty() ? 1 : dims.back();
    if (!dims.empty()) dims.pop_back();
  } else if (dims.size() > 1) {
    if (dims.back() != 1)
      throw ValueError(
          "When using `TextVectorization` to tokenize strings, the input rank must be 1 or the last shape dimension "
          "must be 1. Received: inputs.shape=" +
          texts.shape().to_string() + " with rank=" + std::to_string(dims.size()));
    dims.pop_back();
  }
  for (int64_t dim : dims) rows.count *= dim;
  rows.outer = Shape(dims);
  return rows;
}

template <class F>
void visit_all(const VectorizeOp& op, const Rows& rows, const Array& texts, F visit) {
  Splitter splitter(op);
  std::span<const std::string> all = strings_of(texts);
  for (int64_t row = 0; row < rows.count; ++row) {
    auto word = [&](std::string_view each) { visit(row, each); };
    if (op.split.empty())
      splitter.visit_row(all.subspan(static_cast<size_t>(row * rows.width), static_cast<size_t>(rows.width)), word);
    else
      splitter.visit(all[static_cast<size_t>(row)], word);
  }
}

// [rows, length]: cut, or padded by 0.
Array padded(const std::vector<int64_t>& numbers, const std::vector<int64_t>& begin, const Rows& rows,
             std::optional<int64_t> wanted) {
  int64_t length = wanted.value_or(0);
  if (!wanted)
    for (size_t row = 0; row + 1 < begin.size(); ++row) length = std::max(length, begin[row + 1] - begin[row]);
  Shape shape = rows.outer;
  shape.push_back(length);
  Array out(DType::int64, shape);
  auto to = out.mutable_as<int64_t>();
  for (size_t row = 0; row + 1 < begin.size(); ++row) {
    const int64_t count = std::min(length, begin[row + 1] - begin[row]);
    std::copy_n(numbers.begin() + begin[row], count, to.begin() + static_cast<int64_t>(row) * length);
  }
  return out;
}

}  // namespace

Array run_vectorize(const VectorizeOp& op, const Lookup& lookup, const Array& texts) {
  strings_of(texts);  // the dtype is checked before the shape
  const Rows rows = rows_of(op, texts);
  std::vector<int64_t> numbers, begin{0};
  begin.reserve(static_cast<size_t>(rows.count) + 1);
  visit_all(op, rows, texts, [&](int64_t row, std::string_view word) {
    while (static_cast<int64_t>(begin.size()) <= row) begin.push_back(static_cast<int64_t>(numbers.size()));
    numbers.push_back(lookup.number(word));
  });
  while (static_cast<int64_t>(begin.size()) <= rows.count) begin.push_back(static_cast<int64_t>(numbers.size()));

  const Encoding& encoding = lookup.encoding();
  if (encoding.mode == "int") {
    if (op.split.empty() && texts.shape().empty()) return encode(numbers, {}, encoding);
    return padded(numbers, begin, rows, op.sequence_length).cast(encoding.dtype);
  }
  if (op.split.empty() && op.ngrams.empty()) return encode(numbers, texts.shape(), encoding);
  if (rows.outer.rank() > 1 || encoding.mode == "one_hot")
    throw ValueError("The words of texts of shape " + texts.shape().to_string() + " cannot be given out as \"" +
                     encoding.mode + "\": the texts must be of shape (batch,) or (batch, 1), and the mode \"multi_hot\", "
                     "\"count\" or \"tf_idf\".");
  Array out = encode_rows(numbers, begin, encoding);
  return rows.outer.empty() ? out.reshaped({encoding.depth}) : out;
}

}  // namespace text

void visit_words(const VectorizeOp& op, const Array& texts,
                 const std::function<void(int64_t row, std::string_view word)>& visit) {
  strings_of(texts);
  text::visit_all(op, text::rows_of(op, texts), texts, visit);
}

}  // namespace hornbeam::runtime
