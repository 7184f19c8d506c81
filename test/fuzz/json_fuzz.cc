// A config's text: measured, parsed, and written; only IOError (too large) and ValueError (no JSON) may come out, and what
// was written is read back the same.
#include <string>
#include <string_view>

#include <hornbeam/base/error.h>
#include <hornbeam/config.h>

#include "frontend/src/saving/json_bounds.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace hornbeam;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    saving::check_json_bounds(text, "fuzz", {.most_bytes = 1 << 20, .most_values = 1 << 14, .most_depth = 200});
    std::string written = Config::parse(text).to_json();
    if (Config::parse(written).to_json() != written) __builtin_trap();
  } catch (const IOError&) {
  } catch (const ValueError&) {
  }
  return 0;
}
