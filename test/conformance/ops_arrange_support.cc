// The table's entries that repeat, roll, join, cut and pick elements.
#include <hornbeam/ops/arrange.h>

#include "test/conformance/ops_arguments_support.h"

namespace hornbeam::conformance {

using nlohmann::json;

namespace {

std::optional<int64_t> number_or_none(const json& value) {
  return value.is_number() ? std::optional(value.get<int64_t>()) : std::nullopt;
}

ops::Index index_of(const json& entry) {
  if (entry.is_null()) return ops::kNewAxis;
  if (entry.is_number()) return entry.get<int64_t>();
  if (entry.contains("$ellipsis")) return ops::kEllipsis;
  const json& s = entry.at("$slice");
  return ops::Slice{number_or_none(s.at(0)), number_or_none(s.at(1)), number_or_none(s.at(2))};
}

std::vector<std::pair<int64_t, int64_t>> widths_of(const json& given) {
  std::vector<std::pair<int64_t, int64_t>> widths;
  for (const json& width : given) widths.emplace_back(width.at(0).get<int64_t>(), width.at(1).get<int64_t>());
  return widths;
}

template <class F>
NamedFunction diagonal_at(F f, const char* name) {
  return [=](A a, T t) -> Tensors { return f(x(a, t), integer(a, name, 1, 0)); };
}
template <class F>
NamedFunction joined(F f) {
  return [f](A a, T t) -> Tensors { return f(a.positional(0, t).flat()); };
}
template <class F>
NamedFunction cut(F f) {
  return [f](A a, T t) -> Tensors { return f(x(a, t), option(a, "indices_or_sections", 1).get<int64_t>()); };
}

}  // namespace

void add_arrange(FunctionTable& table) {
  auto add = [&](const char* name, NamedFunction function) {
    table["keras.ops." + std::string(name)] = std::move(function);
  };
  add("tile", [](A a, T t) -> Tensors { return ops::tile(x(a, t), sizes(option(a, "repeats", 1), {})); });
  add("repeat", [](A a, T t) -> Tensors { return ops::repeat(x(a, t), a.plain(1).get<int64_t>(), one_axis(a, 2)); });
  add("roll",
      [](A a, T t) -> Tensors { return ops::roll(x(a, t), sizes(option(a, "shift", 1), {}), axes(a, "axis", 2)); });
  add("rot90", [](A a, T t) -> Tensors {
    std::vector<int64_t> two = sizes(a.value("axes"), {0, 1});
    return ops::rot90(x(a, t), integer(a, "k", 1, 1), {two.at(0), two.at(1)});
  });
  add("fliplr", unary(ops::fliplr));
  add("flipud", unary(ops::flipud));
  add("append", [](A a, T t) -> Tensors { return ops::append(x(a, t), x(a, t, 1), one_axis(a, 2)); });
  add("hstack", joined(ops::hstack));
  add("vstack", joined(ops::vstack));
  add("dstack", joined(ops::dstack));
  add("unstack", [](A a, T t) -> Tensors { return ops::unstack(x(a, t), {}, integer(a, "axis", 2, 0)); });
  add("split", [](A a, T t) -> Tensors {
    json sections = option(a, "indices_or_sections", 1);
    int64_t axis = integer(a, "axis", 2, 0);
    if (sections.is_number()) return ops::split(x(a, t), sections.get<int64_t>(), axis);
    return ops::split(x(a, t), sections.get<std::vector<int64_t>>(), axis);
  });
  add("array_split", [](A a, T t) -> Tensors {
    return ops::array_split(x(a, t), option(a, "indices_or_sections", 1).get<int64_t>(), integer(a, "axis", 2, 0));
  });
  add("hsplit", cut([](const Tensor& x, int64_t n) { return ops::hsplit(x, n); }));
  add("vsplit", cut([](const Tensor& x, int64_t n) { return ops::vsplit(x, n); }));
  add("dsplit", cut([](const Tensor& x, int64_t n) { return ops::dsplit(x, n); }));
  add("pad", [](A a, T t) -> Tensors {
    std::string mode = text(a, "mode", "constant");
    Tensor value = number(a, "constant_values", 99, 0.0);
    json given = option(a, "pad_width", 1);
    if (given.is_number()) return ops::pad(x(a, t), given.get<int64_t>(), mode, value);
    return ops::pad(x(a, t), widths_of(given), mode, value);
  });
  add("diag", diagonal_at([](const Tensor& x, int64_t k) { return ops::diag(x, k); }, "k"));
  add("diagflat", diagonal_at([](const Tensor& x, int64_t k) { return ops::diagflat(x, k); }, "k"));
  add("tril", diagonal_at([](const Tensor& x, int64_t k) { return ops::tril(x, k); }, "k"));
  add("triu", diagonal_at([](const Tensor& x, int64_t k) { return ops::triu(x, k); }, "k"));
  add("diagonal", [](A a, T t) -> Tensors {
    return ops::diagonal(x(a, t), integer(a, "offset", 1, 0), integer(a, "axis1", 2, 0), integer(a, "axis2", 3, 1));
  });
  add("trace", [](A a, T t) -> Tensors {
    return ops::trace(x(a, t), integer(a, "offset", 1, 0), integer(a, "axis1", 2, 0), integer(a, "axis2", 3, 1));
  });
  add("take_along_axis", [](A a, T t) -> Tensors { return ops::take_along_axis(x(a, t), x(a, t, 1), one_axis(a, 2)); });
  add("unravel_index",
      [](A a, T t) -> Tensors { return ops::unravel_index(x(a, t), Shape(a.plain(1).get<std::vector<int64_t>>())); });
  add("get_item", [](A a, T t) -> Tensors {
    json key = a.plain(1);
    std::vector<ops::Index> entries;
    if (key.is_array())
      for (const json& entry : key) entries.push_back(index_of(entry));
    else
      entries.push_back(index_of(key));
    return ops::get_item(x(a, t), entries);
  });
  add("depth_to_space",
      [](A a, T t) -> Tensors { return ops::depth_to_space(x(a, t), integer(a, "block_size", 1, 1)); });
  add("space_to_depth",
      [](A a, T t) -> Tensors { return ops::space_to_depth(x(a, t), integer(a, "block_size", 1, 1)); });
  add("rearrange", [](A a, T t) -> Tensors {
    std::vector<std::pair<std::string, int64_t>> lengths;
    for (const std::string& name : a.plain_keywords()) lengths.emplace_back(name, a.value(name).get<int64_t>());
    return ops::rearrange(x(a, t), a.plain(1).get<std::string>(), lengths);
  });
  add("extract_sequences", [](A a, T t) -> Tensors {
    return ops::extract_sequences(x(a, t), a.plain(1).get<int64_t>(), a.plain(2).get<int64_t>());
  });
}

}  // namespace hornbeam::conformance
