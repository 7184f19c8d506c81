// The size of a JSON text's value, found before it is parsed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hornbeam::saving {

struct JsonBounds {
  uint64_t most_bytes = 5 << 20;  // a text is in memory up to four times until it is a model
  uint64_t most_values = 150000;  // with the containers and the keys of objects
  int most_depth = 200;
};

// Throws IOError (`what` names the text) if the text is larger, more deeply nested, or has more values: a parsed value
// takes some sixty bytes, so two bytes of text can become thirty times their size. Says nothing about the syntax.
void check_json_bounds(std::string_view text, const std::string& what, const JsonBounds& bounds = {});

}  // namespace hornbeam::saving
