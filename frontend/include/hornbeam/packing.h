// How a C++ function's arguments and results become a flat list of tensors and back: for function.h, remat.h and
// ops/custom_gradient.h. A packable type is a Tensor, a Tensors, or a vector, pair, tuple or Gradient of packable types.
#pragma once

#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <hornbeam/gradient.h>
#include <hornbeam/tensor.h>
#include <hornbeam/variable.h>

namespace hornbeam::packing {

using Flat = std::vector<Tensor>;

// flatten appends a value's tensors; rebuild makes a value like `like` of the next tensors; key tells structures apart.
inline void flatten(const Tensor& value, Flat& to) { to.push_back(value); }
inline Tensor rebuild(const Tensor&, Flat::const_iterator& next) { return *next++; }
inline std::string key(const Tensor&) { return "t"; }

inline void flatten(const Tensors& value, Flat& to) { to.insert(to.end(), value.begin(), value.end()); }
inline Tensors rebuild(const Tensors& like, Flat::const_iterator& next) {
  auto first = next;
  next += static_cast<std::ptrdiff_t>(like.size());
  return Tensors::with_structure(like, {first, next});
}
inline std::string key(const Tensors& value) {
  std::string text = "T" + std::to_string(static_cast<int>(value.kind())) + "," + std::to_string(value.size());
  for (const std::string& name : value.keys()) text += "," + name;
  return text + ";";
}

template <class T>
void flatten(const std::vector<T>& value, Flat& to);
template <class T>
std::vector<T> rebuild(const std::vector<T>& like, Flat::const_iterator& next);
template <class A, class B>
void flatten(const std::pair<A, B>& value, Flat& to);
template <class A, class B>
std::pair<A, B> rebuild(const std::pair<A, B>& like, Flat::const_iterator& next);
template <class... Ts>
void flatten(const std::tuple<Ts...>& value, Flat& to);
template <class... Ts>
std::tuple<Ts...> rebuild(const std::tuple<Ts...>& like, Flat::const_iterator& next);
inline void flatten(const Gradient& value, Flat& to);
inline Gradient rebuild(const Gradient& like, Flat::const_iterator& next);

template <class T>
void flatten(const std::vector<T>& value, Flat& to) {
  for (const T& each : value) flatten(each, to);
}
template <class T>
std::vector<T> rebuild(const std::vector<T>& like, Flat::const_iterator& next) {
  std::vector<T> made;
  for (const T& each : like) made.push_back(rebuild(each, next));
  return made;
}
template <class T>
std::string key(const std::vector<T>& value) {
  std::string text = "V" + std::to_string(value.size());
  for (const T& each : value) text += key(each);
  return text + ";";
}

template <class A, class B>
void flatten(const std::pair<A, B>& value, Flat& to) {
  flatten(value.first, to);
  flatten(value.second, to);
}
template <class A, class B>
std::pair<A, B> rebuild(const std::pair<A, B>& like, Flat::const_iterator& next) {
  A first = rebuild(like.first, next);
  return {std::move(first), rebuild(like.second, next)};
}

template <class... Ts>
void flatten(const std::tuple<Ts...>& value, Flat& to) {
  std::apply([&](const auto&... each) { (flatten(each, to), ...); }, value);
}
template <class... Ts>
std::tuple<Ts...> rebuild(const std::tuple<Ts...>& like, Flat::const_iterator& next) {
  // Braces keep the order.
  return std::apply([&](const auto&... each) { return std::tuple<Ts...>{rebuild(each, next)...}; }, like);
}

inline void flatten(const Gradient& value, Flat& to) {
  flatten(value.value, to);
  flatten(value.aux, to);
  flatten(value.grads, to);
}
inline Gradient rebuild(const Gradient& like, Flat::const_iterator& next) {
  Tensor value = rebuild(like.value, next);
  std::vector<Tensor> aux = rebuild(like.aux, next);
  return {std::move(value), std::move(aux), rebuild(like.grads, next)};
}

template <class T>
Flat flat(const T& value) {
  Flat all;
  flatten(value, all);
  return all;
}
template <class T>
T rebuilt(const T& like, const Flat& tensors) {
  auto next = tensors.begin();
  return rebuild(like, next);
}

// What an argument is to the function that gets it: numbers, arrays and variables are tensors.
template <class T>
auto as_argument(const T& value) {
  if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, Array> || std::is_same_v<T, Variable>) return Tensor(value);
  else if constexpr (std::is_same_v<T, Arrays>) return value.map([](const Array& array) { return Tensor(array); });
  else return value;
}

}  // namespace hornbeam::packing
