// Text from a file, made fit for an error line.
#pragma once

#include <string>
#include <string_view>

namespace hornbeam::saving {

// At most 200 bytes, with control characters and line ends replaced by '?', so
// that a name taken from a file can neither break the line nor steer the terminal it is shown on.
inline std::string printable(std::string_view text) {
  std::string shown(text.substr(0, 200));
  for (char& c : shown)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  if (text.size() > 200) shown += "…";
  return shown;
}

}  // namespace hornbeam::saving
