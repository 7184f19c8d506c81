// A value, a list of values or a string-keyed map of values, flattened as keras.tree does (a map by sorted keys): how
// layers take inputs (Tensors), shapes (Shapes) and how fit takes data (Arrays).
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include <hornbeam/base/array.h>
#include <hornbeam/base/error.h>
#include <hornbeam/base/shape.h>

namespace hornbeam {

template <class T>
class Tree {
 public:
  enum class Kind : uint8_t { none, single, list, map };

  Tree() = default;  // nothing: an argument that was not given
  Tree(T value) : kind_(Kind::single), values_{std::move(value)} {}
  template <class U>
    requires(std::convertible_to<U, T> && !std::same_as<std::remove_cvref_t<U>, T> &&
             !std::same_as<std::remove_cvref_t<U>, Tree>)
  Tree(U&& value) : Tree(T(std::forward<U>(value))) {}
  Tree(std::initializer_list<T> values) : kind_(Kind::list), values_(values) {}
  Tree(std::vector<T> values) : kind_(Kind::list), values_(std::move(values)) {}
  Tree(std::initializer_list<std::pair<const char*, T>> entries) : kind_(Kind::map) {
    for (const auto& entry : entries) set(entry.first, entry.second);
  }

  // The same structure and keys as `like`, with other values (in flat order).
  template <class U>
  static Tree with_structure(const Tree<U>& like, std::vector<T> values) {
    Tree tree(std::move(values));
    tree.kind_ = static_cast<Kind>(like.kind());
    tree.keys_ = like.keys();
    return tree;
  }

  Kind kind() const { return kind_; }
  bool empty() const { return values_.empty(); }
  bool is_single() const { return kind_ == Kind::single; }
  bool is_map() const { return kind_ == Kind::map; }
  size_t size() const { return values_.size(); }

  // Flat access: list order, or order of the sorted keys.
  const std::vector<T>& flat() const { return values_; }
  const T& operator[](size_t i) const { return values_[i]; }
  const std::vector<std::string>& keys() const { return keys_; }
  auto begin() const { return values_.begin(); }
  auto end() const { return values_.end(); }

  // The value of a key; null if there is none.
  const T* find(const std::string& key) const {
    auto at = std::lower_bound(keys_.begin(), keys_.end(), key);
    return at != keys_.end() && *at == key ? &values_[at - keys_.begin()] : nullptr;
  }
  const T& operator[](const std::string& key) const {
    if (const T* value = find(key)) return *value;
    std::string known;
    for (const std::string& name : keys_) known += (known.empty() ? "'" : ", '") + name + "'";
    throw ValueError("No entry named '" + key + "'. Known: " + (known.empty() ? "none (not a map)" : known));
  }
  void set(const std::string& key, T value) {
    kind_ = Kind::map;
    auto at = std::lower_bound(keys_.begin(), keys_.end(), key);
    auto index = at - keys_.begin();
    if (at != keys_.end() && *at == key) {
      values_[index] = std::move(value);
    } else {
      keys_.insert(at, key);
      values_.insert(values_.begin() + index, std::move(value));
    }
  }

  // The one value. Throws ValueError if there is not exactly one.
  const T& single() const {
    if (values_.size() != 1)
      throw ValueError("Expected one value. Received: a structure of " + std::to_string(values_.size()) + " values");
    return values_[0];
  }
  operator T() const { return single(); }

  template <class F>
  auto map(F f) const {
    using U = std::remove_cvref_t<decltype(f(std::declval<const T&>()))>;
    std::vector<U> out;
    for (const T& value : values_) out.push_back(f(value));
    return Tree<U>::with_structure(*this, std::move(out));
  }

 private:
  template <class>
  friend class Tree;
  Kind kind_ = Kind::none;
  std::vector<T> values_;
  std::vector<std::string> keys_;
};

using Arrays = Tree<Array>;
using Shapes = Tree<Shape>;

}  // namespace hornbeam
