// einsum, as products (horn.dot), sums and transpositions.
#include <hornbeam/ops/einsum.h>

#include <algorithm>
#include <map>

#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/reduce.h>
#include <hornbeam/ops/shape.h>

#include "frontend/src/ops/apply.h"

namespace hornbeam::ops {
namespace {

// A tensor with a label for each axis; no label stands twice.
struct Labelled {
  Tensor tensor;
  std::string labels;

  bool has(char label) const { return labels.find(label) != std::string::npos; }
  int64_t axis(char label) const { return static_cast<int64_t>(labels.find(label)); }
  int64_t size(char label) const { return tensor.shape()[axis(label)]; }
};

[[noreturn]] void fail(const std::string& subscripts, const std::string& text) {
  throw ValueError("[einsum] " + text + " Received: subscripts='" + subscripts + "'");
}

// The label of the last axis that "..." stands for; the ones before it have the characters before it.
constexpr char kEllipsis = 31;

// A term as one label for each of its `rank` axes.
std::string expanded(const std::string& term, int64_t rank, const std::string& subscripts) {
  std::string labels;
  size_t dots = term.find("...");
  for (size_t i = 0; i < term.size(); ++i) {
    if (i == dots) {
      int64_t hidden = rank - static_cast<int64_t>(term.size()) + 3;
      if (hidden < 0) fail(subscripts, "A term has more letters than its operand has axes.");
      for (int64_t k = hidden; k > 0; --k) labels += static_cast<char>(kEllipsis - k + 1);
      i += 2;
    } else if (std::isalpha(static_cast<unsigned char>(term[i]))) {
      labels += term[i];
    } else {
      fail(subscripts, "Expected letters, commas, \"...\" and \"->\".");
    }
  }
  return labels;
}

// Sums over the axes whose labels are not in `kept`.
Labelled summed(const Labelled& x, const std::string& kept) {
  std::vector<int64_t> axes;
  std::string labels;
  for (size_t i = 0; i < x.labels.size(); ++i) {
    if (kept.find(x.labels[i]) == std::string::npos)
      axes.push_back(static_cast<int64_t>(i));
    else
      labels += x.labels[i];
  }
  return axes.empty() ? x : Labelled{sum(x.tensor, axes), labels};
}

// A label that stands twice keeps the diagonal of its two axes.
Labelled diagonal(Labelled x, const std::string& subscripts) {
  for (size_t i = 0; i < x.labels.size(); ++i) {
    size_t j = x.labels.find(x.labels[i], i + 1);
    if (j == std::string::npos) continue;
    const char label = x.labels[i];
    int64_t n = x.tensor.shape()[static_cast<int64_t>(i)];
    if (n != x.tensor.shape()[static_cast<int64_t>(j)]) fail(subscripts, "The axes of one letter differ in size.");
    Tensor last = moveaxis(moveaxis(x.tensor, static_cast<int64_t>(i), -1), static_cast<int64_t>(j) - 1, -1);
    std::vector<int64_t> flat(last.shape().begin(), last.shape().end() - 2);
    flat.push_back(n * n);
    Tensor both = reshape(last, Shape(flat));
    std::string rest = x.labels;
    rest.erase(j, 1).erase(i, 1);
    x = {slice_axis(both, -1, 0, n * n, n + 1), rest + label};
    i = static_cast<size_t>(-1);  // once more from the start
  }
  return x;
}

// An axis of 1 that broadcasts with a larger one is dropped.
void drop_ones(Labelled& a, const Labelled& b) {
  for (size_t i = 0; i < a.labels.size();) {
    if (b.has(a.labels[i]) && a.size(a.labels[i]) == 1 && b.size(a.labels[i]) != 1) {
      a.tensor = squeeze(a.tensor, static_cast<int64_t>(i));
      a.labels.erase(i, 1);
    } else {
      ++i;
    }
  }
}

Labelled product(Labelled a, Labelled b, const std::string& kept, const std::string& subscripts) {
  drop_ones(a, b);
  drop_ones(b, a);
  a = summed(a, kept + b.labels);
  b = summed(b, kept + a.labels);
  std::vector<int64_t> a_contract, b_contract, a_batch, b_batch;
  std::string batch, free;
  for (char label : a.labels) {
    if (!b.has(label)) {
      free += label;
      continue;
    }
    if (a.size(label) != b.size(label))
      fail(subscripts, "The sizes of an axis do not match: " + a.tensor.shape().to_string() + " and " +
                           b.tensor.shape().to_string() + ".");
    bool stays = kept.find(label) != std::string::npos;
    (stays ? a_batch : a_contract).push_back(a.axis(label));
    (stays ? b_batch : b_contract).push_back(b.axis(label));
    if (stays) batch += label;
  }
  for (char label : b.labels)
    if (!a.has(label)) free += label;
  if (a_contract.empty() && free.empty() && a.labels == b.labels) return {multiply(a.tensor, b.tensor), a.labels};
  Tensor y = trace::emit(
      "dot", {a.tensor, b.tensor},
      {{"lhs_contract", a_contract}, {"rhs_contract", b_contract}, {"lhs_batch", a_batch}, {"rhs_batch", b_batch}});
  return {y, batch + free};
}

// "ab,bc->ac" as operands' labels and the result's.
struct Parsed {
  std::vector<std::string> terms;
  std::string result;
};

Parsed parsed(std::string subscripts, const std::vector<Tensor>& operands) {
  const std::string given = subscripts;
  std::erase(subscripts, ' ');
  size_t arrow = subscripts.find("->");
  std::string left = subscripts.substr(0, arrow);
  Parsed out;
  size_t hidden = 0;
  for (size_t begin = 0, i = 0; begin <= left.size(); ++i) {
    size_t comma = std::min(left.find(',', begin), left.size());
    if (i >= operands.size()) fail(given, "There are more terms than operands.");
    std::string term = expanded(left.substr(begin, comma - begin), operands[i].rank(), given);
    if (static_cast<int64_t>(term.size()) != operands[i].rank())
      fail(given, "An operand of shape " + operands[i].shape().to_string() + " does not have the axes of its term.");
    hidden = std::max<size_t>(hidden, std::count_if(term.begin(), term.end(), [](char c) { return c <= kEllipsis; }));
    out.terms.push_back(term);
    begin = comma + 1;
  }
  if (out.terms.size() != operands.size()) fail(given, "There are fewer terms than operands.");
  if (arrow != std::string::npos) {
    std::string right = subscripts.substr(arrow + 2);
    size_t letters = right.size() - (right.find("...") == std::string::npos ? 0 : 3);
    out.result = expanded(right, static_cast<int64_t>(letters + hidden), given);
  } else {
    std::map<char, int> count;
    for (const std::string& term : out.terms)
      for (char label : term) ++count[label];
    for (const auto& [label, n] : count)
      if (n == 1 || label <= kEllipsis) out.result += label;
  }
  for (char label : out.result) {
    bool known = false;
    for (const std::string& term : out.terms) known |= term.find(label) != std::string::npos;
    if (!known || std::count(out.result.begin(), out.result.end(), label) > 1)
      fail(given, "Each letter of the result must stand there once, and in an operand.");
  }
  return out;
}

}  // namespace

Tensor einsum(const std::string& subscripts, const std::vector<Tensor>& operands) {
  if (operands.empty()) fail(subscripts, "There are no operands.");
  return apply("Einsum", operands, Config::object({{"subscripts", subscripts}}),
               [subscripts](const std::vector<Tensor>& x) {
                 Parsed parts = parsed(subscripts, x);
                 DType dtype = x[0].dtype();
                 for (const Tensor& operand : x) dtype = result_type(dtype, operand.dtype());
                 std::vector<Labelled> terms;
                 for (size_t i = 0; i < x.size(); ++i)
                   terms.push_back(diagonal({to_dtype(x[i], dtype), parts.terms[i]}, subscripts));
                 Labelled y = terms[0];
                 for (size_t i = 1; i < terms.size(); ++i) {
                   std::string kept = parts.result;
                   for (size_t later = i + 1; later < terms.size(); ++later) kept += terms[later].labels;
                   y = product(y, terms[i], kept, subscripts);
                 }
                 y = summed(y, parts.result);
                 std::vector<int64_t> axes;
                 for (char label : parts.result) axes.push_back(y.axis(label));
                 return axes.empty() ? y.tensor : transpose(y.tensor, axes);
               });
}

}  // namespace hornbeam::ops
