// Counts the values and the depth of a JSON text in one pass, without memory.
#include "frontend/src/saving/json_bounds.h"

#include <algorithm>

#include <hornbeam/base/error.h>

namespace hornbeam::saving {

void check_json_bounds(std::string_view text, const std::string& what, const JsonBounds& bounds) {
  auto refuse = [&](const std::string& problem) { throw IOError(what + ": " + problem); };
  if (text.size() > bounds.most_bytes)
    refuse("it has " + std::to_string(text.size()) + " bytes; at most " + std::to_string(bounds.most_bytes) +
           " are read");
  uint64_t values = 1;
  int depth = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    switch (text[i]) {
      case '"':
        for (++i; i < text.size() && text[i] != '"'; ++i)
          if (text[i] == '\\') ++i;
        break;
      case '[':
      case '{':
        if (++depth > bounds.most_depth)
          refuse("its values are nested more than " + std::to_string(bounds.most_depth) + " deep");
        [[fallthrough]];
      case ',':
      case ':':
        if (++values > bounds.most_values) refuse("it has more than " + std::to_string(bounds.most_values) + " values");
        break;
      case ']':
      case '}':
        depth = std::max(0, depth - 1);
        break;
      default:
        break;
    }
  }
}

}  // namespace hornbeam::saving
