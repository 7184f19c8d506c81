// A JSON-like value: how objects describe themselves (config(), from_config) and what model files hold. Objects keep the
// order of their keys; integers and floats are told apart, as in Python.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <hornbeam/base/dtype.h>
#include <hornbeam/base/shape.h>

namespace hornbeam {

class Config {
 public:
  using Entry = std::pair<std::string, Config>;

  Config() = default;  // null
  Config(std::nullptr_t) {}
  Config(std::nullopt_t) {}
  Config(const char* text) : value_(std::string(text)) {}
  Config(std::string text) : value_(std::move(text)) {}
  Config(DType dtype) : value_(std::string(name_of(dtype))) {}
  Config(const Shape& shape);  // an array; unknown axes are null
  template <class T>
    requires std::is_arithmetic_v<T>
  Config(T value) {
    if constexpr (std::is_same_v<T, bool>) value_ = value;
    else if constexpr (std::is_integral_v<T>) value_ = static_cast<int64_t>(value);
    else value_ = static_cast<double>(value);
  }
  template <class T>
  Config(const std::optional<T>& value) {
    if (value) *this = Config(*value);
  }
  template <class T>
  Config(const std::vector<T>& values) : value_(std::vector<Config>()) {
    for (const auto& value : values) push_back(Config(static_cast<const T&>(value)));
  }
  // Anything that describes itself: Initializer, Activation, Loss, DTypePolicy, …
  template <class T>
    requires requires(const T& t) { { t.config() } -> std::same_as<Config>; }
  Config(const T& object) : Config(object.config()) {}

  static Config object(std::initializer_list<Entry> entries = {});
  static Config array(std::initializer_list<Config> values = {});

  bool is_null() const { return value_.index() == 0; }
  bool is_bool() const { return value_.index() == 1; }
  bool is_int() const { return value_.index() == 2; }
  bool is_float() const { return value_.index() == 3; }
  bool is_number() const { return is_int() || is_float(); }
  bool is_string() const { return value_.index() == 4; }
  bool is_array() const { return value_.index() == 5; }
  bool is_object() const { return value_.index() == 6; }

  // Values; TypeError if it is of another kind. as_int takes a float without fraction, as_double takes an integer.
  bool as_bool() const;
  int64_t as_int() const;
  double as_double() const;
  const std::string& as_string() const;
  const std::vector<Config>& as_array() const;
  const std::vector<Entry>& as_object() const;
  Shape as_shape() const;  // from an array of integers and nulls

  // Arrays.
  size_t size() const;
  template <std::integral I>
  const Config& operator[](I i) const { return as_array().at(static_cast<size_t>(i)); }
  template <std::integral I>
  const Config& operator[](I i) { return as_array().at(static_cast<size_t>(i)); }
  void push_back(Config value);

  // Objects. `find` gives null for a missing key or a value that is no object; `at` throws ValueError.
  const Config* find(const std::string& key) const;
  bool contains(const std::string& key) const { return find(key) != nullptr; }
  const Config& at(const std::string& key) const;
  Config& operator[](const std::string& key);  // adds the key, null, if missing
  void erase(const std::string& key);
  void merge(const Config& other);  // adds or replaces other's entries

  // Reads an option in from_config: leaves `out` as it is if the key is missing. Null resets an optional and leaves any
  // other type at its empty value only if it can be made from null (Initializer, Regularizer, …), else is an error.
  template <class T>
  void read(const std::string& key, T& out) const {
    if (const Config* value = find(key)) value->to(out);
  }
  void to(bool& out) const { out = as_bool(); }
  void to(std::string& out) const { out = as_string(); }
  void to(Shape& out) const { out = as_shape(); }
  void to(DType& out) const;
  template <class T>
    requires(std::is_arithmetic_v<T> && !std::is_same_v<T, bool>)
  void to(T& out) const {
    if constexpr (std::is_floating_point_v<T>) out = static_cast<T>(as_double());
    else out = static_cast<T>(as_int());
  }
  template <class T>
  void to(std::optional<T>& out) const {
    if (is_null()) return out.reset();
    T value{};
    to(value);
    out = std::move(value);
  }
  template <class T>
  void to(std::vector<T>& out) const {
    out.clear();
    for (const Config& element : as_array()) {
      T value{};
      element.to(value);
      out.push_back(std::move(value));
    }
  }
  template <class T>
    requires requires(const Config& c) { T::from_config(c); }
  void to(T& out) const { out = T::from_config(*this); }

  // JSON text as Python's json.dumps writes it (indent < 0: one line), and back. parse throws ValueError on bad text,
  // on nesting deeper than 512, and reads NaN, Infinity and -Infinity as Python does.
  std::string to_json(int indent = -1) const;
  static Config parse(std::string_view json);

  friend bool operator==(const Config&, const Config&) = default;

 private:
  std::variant<std::monostate, bool, int64_t, double, std::string, std::vector<Config>, std::vector<Entry>> value_;
};

}  // namespace hornbeam
