// The part of Python's format language that file names use.
#include "frontend/src/callbacks/path_pattern.h"

#include <cmath>
#include <cstdio>
#include <optional>

#include <hornbeam/base/error.h>
#include <hornbeam/config.h>

namespace hornbeam::callbacks {
namespace {

struct Spec {
  bool zeros = false;
  int width = 0;
  int precision = -1;
  char type = 0;  // 0: as the value is
};

std::optional<Spec> parse(const std::string& text) {
  Spec spec;
  size_t at = 0;
  auto number = [&](int& into) {
    size_t start = at;
    into = 0;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9' && at - start < 3)
      into = into * 10 + (text[at++] - '0');
    return at > start;
  };
  if (at < text.size() && text[at] == '0') {
    spec.zeros = true;
    ++at;
  }
  number(spec.width);
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (!number(spec.precision)) return {};
  }
  if (at < text.size()) spec.type = text[at++];
  if (at != text.size() || (spec.type != 0 && std::string("defg%").find(spec.type) == std::string::npos)) return {};
  return spec;
}

std::string padded(std::string digits, const Spec& spec) {
  const size_t width = static_cast<size_t>(spec.width);
  if (digits.size() >= width) return digits;
  if (!spec.zeros) return std::string(width - digits.size(), ' ') + digits;
  const size_t sign = digits.starts_with('-') ? 1 : 0;
  return digits.insert(sign, width - digits.size(), '0');
}

std::string print(double value, int64_t precision, char type) {
  const char pattern[] = {'%', '.', '*', type, 0};
  char text[400];
  std::snprintf(text, sizeof text, pattern, static_cast<int>(precision), value);
  return text;
}

std::string format(double value, bool is_integer, const Spec& spec) {
  const int64_t precision = spec.precision < 0 ? 6 : spec.precision;
  if (spec.type == '%') return padded(print(value * 100, precision, 'f') + "%", spec);
  if (spec.type != 0 && spec.type != 'd') return padded(print(value, precision, spec.type), spec);
  if (is_integer) return padded(std::to_string(static_cast<int64_t>(value)), spec);
  if (spec.precision >= 0) return padded(print(value, spec.precision, 'g'), spec);
  if (!std::isfinite(value)) return padded(std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf", spec);
  return padded(Config(value).to_json(), spec);
}

}  // namespace

std::string fill_in(const std::string& pattern, const std::vector<std::pair<std::string, int64_t>>& counts,
                    const Logs& logs, const std::string& callback) {
  auto fail = [&](const std::string& why) {
    throw ValueError("[" + callback + "] cannot fill in the path '" + pattern + "': " + why);
  };
  std::string path;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c != '{' && c != '}') {
      path += c;
      continue;
    }
    if (i + 1 < pattern.size() && pattern[i + 1] == c) {
      path += c;
      ++i;
      continue;
    }
    const size_t end = pattern.find('}', i);
    if (c == '}' || end == std::string::npos) fail("a brace is not closed, or not opened");
    const std::string field = pattern.substr(i + 1, end - i - 1);
    const size_t colon = std::min(field.find(':'), field.size());
    const std::string name = field.substr(0, colon);
    const std::optional<Spec> spec = parse(colon < field.size() ? field.substr(colon + 1) : "");
    if (!spec) fail("the format of {" + field + "} is not understood. Use {" + name + ":.4f}, or {epoch:03d}");
    std::string text, known;
    for (const auto& [key, value] : counts) {
      known += (known.empty() ? "" : ", ") + key;
      if (key == name) text = format(static_cast<double>(value), true, *spec);
    }
    for (const auto& [key, value] : logs) {
      known += ", " + key;
      if (key != name) continue;
      if (spec->type == 'd') fail("{" + field + "} asks for an integer, and " + name + " is none");
      text = format(value, false, *spec);
    }
    if (text.empty()) fail("there is no value '" + name + "'. There are: " + known);
    path += text;
    i = end;
  }
  return path;
}

}  // namespace hornbeam::callbacks
