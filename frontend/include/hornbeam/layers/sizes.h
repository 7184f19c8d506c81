// Small option types of layers: a size along each spatial axis, amounts at both ends of them, and one number or
// several.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <utility>
#include <vector>

#include <hornbeam/base/error.h>
#include <hornbeam/config.h>

namespace hornbeam {

// One number for all N spatial axes, or one for each: Sizes<2> is 3 or {height, width}.
template <int N>
class Sizes {
 public:
  Sizes(int64_t all = 1) { values_.fill(all); }
  template <class... Ints>
    requires(N > 1 && sizeof...(Ints) == N && (std::is_integral_v<Ints> && ...))
  Sizes(Ints... values) : values_{static_cast<int64_t>(values)...} {}
  int64_t operator[](size_t axis) const { return values_[axis]; }
  std::vector<int64_t> dims() const { return {values_.begin(), values_.end()}; }
  bool positive() const { return std::all_of(values_.begin(), values_.end(), [](int64_t n) { return n > 0; }); }
  bool is_one() const { return std::all_of(values_.begin(), values_.end(), [](int64_t n) { return n == 1; }); }
  std::string to_string() const {
    std::string text = "(";
    for (int i = 0; i < N; ++i) text += (i ? ", " : "") + std::to_string(values_[i]);
    return text + (N == 1 ? ",)" : ")");
  }

  Config config() const { return Config(dims()); }
  static Sizes from_config(const Config& config) {
    Sizes sizes;
    if (config.is_number()) return Sizes(config.as_int());
    if (config.size() != N)
      throw ValueError("Expected one number" + (N > 1 ? " or " + std::to_string(N) : std::string()) +
                       ". Received: " + config.to_json());
    for (int i = 0; i < N; ++i) sizes.values_[i] = config[i].as_int();
    return sizes;
  }

 private:
  std::array<int64_t, N> values_;
};

using Size1 = Sizes<1>;
using Size2 = Sizes<2>;
using Size3 = Sizes<3>;

// How much is added or cut at the start and the end of each of N spatial axes: one number for all, one for each axis,
// or a pair for each.
template <int N>
class Margins {
 public:
  using Pair = std::pair<int64_t, int64_t>;

  Margins(int64_t all = 1) { values_.fill({all, all}); }
  template <class... Ints>
    requires(N > 1 && sizeof...(Ints) == N && (std::is_integral_v<Ints> && ...))
  Margins(Ints... each) : values_{Pair{each, each}...} {}
  Margins(int64_t start, int64_t end)
    requires(N == 1)
      : values_{Pair{start, end}} {}
  // {{top, bottom}, {left, right}}
  Margins(std::initializer_list<Pair> each)
    requires(N > 1)
  {
    if (each.size() != N) throw ValueError("Expected " + std::to_string(N) + " pairs, one for each spatial axis.");
    std::copy(each.begin(), each.end(), values_.begin());
  }
  const Pair& operator[](size_t axis) const { return values_[axis]; }
  bool not_negative() const {
    return std::all_of(values_.begin(), values_.end(), [](const Pair& p) { return p.first >= 0 && p.second >= 0; });
  }

  // Keras keeps one axis as a pair, several as a list of pairs.
  Config config() const {
    if (N == 1) return Config::array({values_[0].first, values_[0].second});
    Config pairs = Config::array();
    for (const Pair& pair : values_) pairs.push_back(Config::array({pair.first, pair.second}));
    return pairs;
  }
  static Margins from_config(const Config& config) {
    auto pair = [](const Config& c) {
      if (c.is_number()) return Pair(c.as_int(), c.as_int());
      if (c.size() != 2) throw ValueError("Expected one number or two. Received: " + c.to_json());
      return Pair(c[0].as_int(), c[1].as_int());
    };
    Margins margins;
    if (config.is_number() || N == 1) {
      margins.values_.fill(pair(config));
      return margins;
    }
    if (config.size() != N)
      throw ValueError("Expected one number or " + std::to_string(N) + " entries. Received: " + config.to_json());
    for (int i = 0; i < N; ++i) margins.values_[i] = pair(config[i]);
    return margins;
  }

 private:
  std::array<Pair, N> values_;
};

// A number, or a list of numbers that is broadcast over the last axis.
class Numbers {
 public:
  template <class T>
    requires std::is_arithmetic_v<T>
  Numbers(T value) : values_{static_cast<double>(value)} {}
  Numbers(std::initializer_list<double> values) : is_list_(true), values_(values) {}
  Numbers(std::vector<double> values) : is_list_(true), values_(std::move(values)) {}
  Numbers() : Numbers(0.0) {}
  bool is_list() const { return is_list_; }
  const std::vector<double>& values() const { return values_; }

  Config config() const { return is_list_ ? Config(values_) : Config(values_[0]); }
  static Numbers from_config(const Config& config) {
    if (config.is_number()) return Numbers(config.as_double());
    std::vector<double> values;
    for (const Config& value : config.as_array()) values.push_back(value.as_double());
    return Numbers(std::move(values));
  }

 private:
  bool is_list_ = false;
  std::vector<double> values_;
};

}  // namespace hornbeam
