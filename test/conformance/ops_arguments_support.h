// Reading the arguments of keras.ops' cases, for the entries of the table.
#pragma once

#include <hornbeam/ops.h>
#include <hornbeam/ops/complex.h>

#include "test/conformance/function_table_support.h"

namespace hornbeam::conformance {

using A = const Arguments&;
using T = const Tensors&;

inline Tensor x(A a, T t, size_t i = 0) { return a.positional(i, t).single(); }

// A plain argument, by keyword or by position.
inline nlohmann::json option(A a, const char* name, size_t place) {
  nlohmann::json value = a.value(name);
  return value.is_null() ? a.plain(place) : value;
}
inline double to_number(const nlohmann::json& value) {
  if (!value.is_object()) return value.get<double>();
  std::string text = value.at("$float").get<std::string>();
  return text == "inf" ? INFINITY : text == "-inf" ? -INFINITY : NAN;
}
inline int64_t integer(A a, const char* name, size_t place, int64_t otherwise) {
  nlohmann::json value = option(a, name, place);
  return value.is_number() ? value.get<int64_t>() : otherwise;
}
inline double number(A a, const char* name, size_t place, double otherwise) {
  nlohmann::json value = option(a, name, place);
  return value.is_number() || value.is_object() ? to_number(value) : otherwise;
}
inline bool flag(A a, const char* name, bool otherwise) { return flag_of(a, name, otherwise); }
inline std::string text(A a, const char* name, const char* otherwise) {
  nlohmann::json value = a.value(name);
  return value.is_string() ? value.get<std::string>() : otherwise;
}
inline std::optional<int64_t> maybe_integer(A a, const char* name, size_t place) {
  nlohmann::json value = option(a, name, place);
  return value.is_number() ? std::optional(value.get<int64_t>()) : std::nullopt;
}
inline std::optional<double> maybe_number(A a, const char* name) {
  nlohmann::json value = a.value(name);
  return value.is_null() ? std::nullopt : std::optional(to_number(value));
}
inline std::optional<int64_t> one_axis(A a, size_t place = 1) { return maybe_integer(a, "axis", place); }
// None is given as such: no default takes its place.
inline std::optional<int64_t> axis_or(A a, int64_t otherwise) {
  return a.has("axis") ? one_axis(a, 99) : std::optional(otherwise);
}
inline Axes axes(A a, const char* name = "axis", size_t place = 1) {
  nlohmann::json value = option(a, name, place);
  if (value.is_null()) return {};
  if (value.is_array()) return value.get<std::vector<int64_t>>();
  return value.get<int64_t>();
}
inline DType dtype(A a, size_t place, DType otherwise) {
  nlohmann::json value = option(a, "dtype", place);
  return value.is_string() ? dtype_from_name(value.get<std::string>()).value() : otherwise;
}
// An integer, or several.
inline std::vector<int64_t> sizes(const nlohmann::json& value, std::vector<int64_t> otherwise) {
  if (value.is_null()) return otherwise;
  if (value.is_array()) return value.get<std::vector<int64_t>>();
  return {value.get<int64_t>()};
}

// A complex argument: a pair of tensors, or one that is real.
inline bool is_complex(A a, size_t i = 0) { return a.plain(i).is_object() && a.plain(i).contains("$complex"); }
inline ops::Complex complex(A a, T t, size_t i = 0) {
  nlohmann::json both = a.plain(i).at("$complex");
  auto part = [&](int which) { return t.flat().at(a.index_of(both.at(which).at("$tensor").get<std::string>())); };
  return {part(0), part(1)};
}
// Cases store a complex result with its parts along a last axis.
inline Tensor stored(const ops::Complex& y) { return ops::view_as_real(y); }

inline NamedFunction unary(Tensor (*f)(const Tensor&)) {
  return [f](A a, T t) -> Tensors { return f(x(a, t)); };
}
inline NamedFunction binary(Tensor (*f)(const Tensor&, const Tensor&)) {
  return [f](A a, T t) -> Tensors { return f(x(a, t), x(a, t, 1)); };
}

// The parts of the table.
void add_math(FunctionTable& table);
void add_control(FunctionTable& table);
void add_create(FunctionTable& table);
void add_arrange(FunctionTable& table);
void add_order(FunctionTable& table);
void add_nn(FunctionTable& table);
void add_image(FunctionTable& table);
void add_linalg(FunctionTable& table);

}  // namespace hornbeam::conformance
