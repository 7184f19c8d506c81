// The JSON-like value: access, and text by nlohmann-json's parser with a cap on nesting.
#include <hornbeam/config.h>

#include <cmath>
#include <limits>

#include <hornbeam/base/error.h>
#include <nlohmann/json.hpp>

namespace hornbeam {
namespace {

const char* kind_name(size_t index) {
  static const char* const kNames[] = {"null",     "a boolean", "an integer", "a float",
                                       "a string", "an array",  "an object"};
  return kNames[index];
}

[[noreturn]] void wrong_kind(const char* expected, size_t received) {
  throw TypeError(std::string("Expected ") + expected + " in the config. Received: " + kind_name(received));
}

constexpr int kMaxDepth = 512;

// Builds a Config from the parser's events; nothing is built twice and depth is bounded.
class Reader : public nlohmann::json_sax<nlohmann::json> {
 public:
  Config result;
  std::string error;

  bool null() override { return put({}); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(number_integer_t value) override { return put(static_cast<int64_t>(value)); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) return put(static_cast<double>(value));
    return put(static_cast<int64_t>(value));
  }
  bool number_float(number_float_t value, const string_t&) override { return put(value); }
  bool string(string_t& value) override { return put(std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool key(string_t& value) override {
    keys_.back() = std::move(value);
    return true;
  }
  bool start_object(size_t) override { return open(Config::object()); }
  bool start_array(size_t) override { return open(Config::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool parse_error(size_t position, const std::string&, const nlohmann::detail::exception&) override {
    error = "not valid JSON at byte " + std::to_string(position);
    return false;
  }

 private:
  bool put(Config value) {
    if (open_.empty())
      result = std::move(value);
    else if (open_.back().is_array())
      open_.back().push_back(std::move(value));
    else
      open_.back()[keys_.back()] = std::move(value);
    return true;
  }
  bool open(Config container) {
    if (open_.size() >= kMaxDepth) {
      error = "nested deeper than " + std::to_string(kMaxDepth) + " levels";
      return false;
    }
    open_.push_back(std::move(container));
    keys_.emplace_back();
    return true;
  }
  bool close() {
    Config done = std::move(open_.back());
    open_.pop_back();
    keys_.pop_back();
    return put(std::move(done));
  }

  std::vector<Config> open_;
  std::vector<std::string> keys_;  // the pending key of each open object
};

// json.loads takes NaN, Infinity and -Infinity, which JSON does not have: outside of strings they become marked strings
// on the way, which restore_constants turns into numbers.
std::string without_python_constants(std::string_view text) {
  static constexpr std::pair<std::string_view, const char*> kConstants[] = {
      {"-Infinity", R"("\u0000-inf")"}, {"Infinity", R"("\u0000inf")"}, {"NaN", R"("\u0000nan")"}};
  std::string out;
  out.reserve(text.size());
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (in_string && c == '\\' && i + 1 < text.size()) {
      out += c;
      out += text[++i];
      continue;
    }
    if (c == '"') in_string = !in_string;
    bool replaced = false;
    if (!in_string && (c == '-' || c == 'I' || c == 'N')) {
      for (const auto& [name, marked] : kConstants) {
        if (text.substr(i, name.size()) != name) continue;
        out += marked;
        i += name.size() - 1;
        replaced = true;
        break;
      }
    }
    if (!replaced) out += c;
  }
  return out;
}

void restore_constants(Config& config);

void write_string(const std::string& text, std::string& out) {
  // dump() escapes as Python does with ensure_ascii; broken UTF-8 is replaced.
  out += nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

void write_double(double value, std::string& out) {
  if (std::isnan(value))
    out += "NaN";
  else if (std::isinf(value))
    out += value > 0 ? "Infinity" : "-Infinity";
  else
    out += nlohmann::json(value).dump();  // shortest text that reads back the same, with ".0" where whole
}

void newline(int indent, int depth, std::string& out) {
  if (indent < 0) return;
  out += '\n';
  out.append(static_cast<size_t>(indent) * depth, ' ');
}

void write(const Config& config, int indent, int depth, std::string& out) {
  if (config.is_null())
    out += "null";
  else if (config.is_bool())
    out += config.as_bool() ? "true" : "false";
  else if (config.is_int())
    out += std::to_string(config.as_int());
  else if (config.is_float())
    write_double(config.as_double(), out);
  else if (config.is_string())
    write_string(config.as_string(), out);
  else if (config.is_array()) {
    out += '[';
    bool first = true;
    for (const Config& element : config.as_array()) {
      if (!first) out += indent < 0 ? ", " : ",";
      first = false;
      newline(indent, depth + 1, out);
      write(element, indent, depth + 1, out);
    }
    if (!first) newline(indent, depth, out);
    out += ']';
  } else {
    out += '{';
    bool first = true;
    for (const auto& [key, value] : config.as_object()) {
      if (!first) out += indent < 0 ? ", " : ",";
      first = false;
      newline(indent, depth + 1, out);
      write_string(key, out);
      out += ": ";
      write(value, indent, depth + 1, out);
    }
    if (!first) newline(indent, depth, out);
    out += '}';
  }
}

}  // namespace

Config::Config(const Shape& shape) : value_(std::vector<Config>()) {
  for (int64_t dim : shape) push_back(dim < 0 ? Config() : Config(dim));
}

Config Config::object(std::initializer_list<Entry> entries) {
  Config config;
  config.value_ = std::vector<Entry>(entries);
  return config;
}

Config Config::array(std::initializer_list<Config> values) {
  Config config;
  config.value_ = std::vector<Config>(values);
  return config;
}

bool Config::as_bool() const {
  if (const bool* value = std::get_if<bool>(&value_)) return *value;
  wrong_kind("a boolean", value_.index());
}

int64_t Config::as_int() const {
  if (const int64_t* value = std::get_if<int64_t>(&value_)) return *value;
  if (const double* value = std::get_if<double>(&value_);
      value && std::trunc(*value) == *value && std::fabs(*value) < 9e18)
    return static_cast<int64_t>(*value);
  if (const bool* value = std::get_if<bool>(&value_)) return *value;
  wrong_kind("an integer", value_.index());
}

double Config::as_double() const {
  if (const double* value = std::get_if<double>(&value_)) return *value;
  if (const int64_t* value = std::get_if<int64_t>(&value_)) return static_cast<double>(*value);
  if (const bool* value = std::get_if<bool>(&value_)) return *value;
  wrong_kind("a number", value_.index());
}

const std::string& Config::as_string() const {
  if (const std::string* value = std::get_if<std::string>(&value_)) return *value;
  wrong_kind("a string", value_.index());
}

const std::vector<Config>& Config::as_array() const {
  if (const auto* value = std::get_if<std::vector<Config>>(&value_)) return *value;
  wrong_kind("an array", value_.index());
}

const std::vector<Config::Entry>& Config::as_object() const {
  if (const auto* value = std::get_if<std::vector<Entry>>(&value_)) return *value;
  wrong_kind("an object", value_.index());
}

Shape Config::as_shape() const {
  Shape shape;
  for (const Config& dim : as_array()) shape.push_back(dim.is_null() ? kUnknown : dim.as_int());
  return shape;
}

size_t Config::size() const { return is_object() ? as_object().size() : as_array().size(); }

void Config::push_back(Config value) {
  if (is_null()) value_ = std::vector<Config>();
  if (!is_array()) wrong_kind("an array", value_.index());
  std::get<std::vector<Config>>(value_).push_back(std::move(value));
}

const Config* Config::find(const std::string& key) const {
  if (const auto* entries = std::get_if<std::vector<Entry>>(&value_))
    for (const Entry& entry : *entries)
      if (entry.first == key) return &entry.second;
  return nullptr;
}

const Config& Config::at(const std::string& key) const {
  if (const Config* value = find(key)) return *value;
  throw ValueError("The config has no entry '" + key + "'.");
}

Config& Config::operator[](const std::string& key) {
  if (is_null()) value_ = std::vector<Entry>();
  if (!is_object()) wrong_kind("an object", value_.index());
  auto& entries = std::get<std::vector<Entry>>(value_);
  for (Entry& entry : entries)
    if (entry.first == key) return entry.second;
  return entries.emplace_back(key, Config()).second;
}

void Config::erase(const std::string& key) {
  if (auto* entries = std::get_if<std::vector<Entry>>(&value_))
    std::erase_if(*entries, [&](const Entry& entry) { return entry.first == key; });
}

void Config::merge(const Config& other) {
  for (const auto& [key, value] : other.as_object()) (*this)[key] = value;
}

void Config::to(DType& out) const {
  std::optional<DType> dtype = dtype_from_name(as_string());
  if (!dtype) throw ValueError("Unknown dtype '" + as_string() + "' in the config.");
  out = *dtype;
}

std::string Config::to_json(int indent) const {
  std::string out;
  write(*this, indent, 0, out);
  return out;
}

Config Config::parse(std::string_view json) {
  Reader reader;
  std::string text = without_python_constants(json);
  if (!nlohmann::json::sax_parse(text, &reader))
    throw ValueError("The text is " + (reader.error.empty() ? std::string("not valid JSON") : reader.error) + ".");
  restore_constants(reader.result);
  return std::move(reader.result);
}

namespace {

void restore_constants(Config& config) {
  if (config.is_string()) {
    const std::string& text = config.as_string();
    if (text.empty() || text[0] != '\0') return;
    if (text.substr(1) == "nan")
      config = std::numeric_limits<double>::quiet_NaN();
    else if (text.substr(1) == "inf")
      config = std::numeric_limits<double>::infinity();
    else if (text.substr(1) == "-inf")
      config = -std::numeric_limits<double>::infinity();
  } else if (config.is_array()) {
    Config copy = Config::array();
    for (Config element : config.as_array()) {
      restore_constants(element);
      copy.push_back(std::move(element));
    }
    config = std::move(copy);
  } else if (config.is_object()) {
    Config copy = Config::object();
    for (auto [key, value] : config.as_object()) {
      restore_constants(value);
      copy[key] = std::move(value);
    }
    config = std::move(copy);
  }
}

}  // namespace

}  // namespace hornbeam
