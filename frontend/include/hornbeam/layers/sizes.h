// Small option types of layers: a size along each of two spatial axes, and one number or several.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

#include <hornbeam/base/error.h>
#include <hornbeam/config.h>

namespace hornbeam {

// One number for both spatial axes, or {height, width}.
class Size2 {
 public:
  Size2(int64_t both = 1) : height_(both), width_(both) {}
  Size2(int64_t height, int64_t width) : height_(height), width_(width) {}
  int64_t height() const { return height_; }
  int64_t width() const { return width_; }
  std::vector<int64_t> dims() const { return {height_, width_}; }
  bool positive() const { return height_ > 0 && width_ > 0; }
  bool is_one() const { return height_ == 1 && width_ == 1; }
  std::string to_string() const { return "(" + std::to_string(height_) + ", " + std::to_string(width_) + ")"; }

  Config config() const { return Config(dims()); }
  static Size2 from_config(const Config& config) {
    if (config.is_number()) return Size2(config.as_int());
    if (config.size() != 2) throw ValueError("Expected one number or two. Received: " + config.to_json());
    return Size2(config[0].as_int(), config[1].as_int());
  }

 private:
  int64_t height_, width_;
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
