// Text from a file, made fit for an error line.
#pragma once

#include <string>
#include <string_view>

namespace hornbeam::saving {

// At most `most` bytes, with control characters and line ends replaced by '?', so that a name taken from a file can
// neither break the line nor steer the terminal it is shown on.
inline std::string printable(std::string_view text, size_t most = 200) {
  std::string shown(text.substr(0, most));
  for (char& c : shown)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  if (text.size() > most) shown += "…";
  return shown;
}

}  // namespace hornbeam::saving
