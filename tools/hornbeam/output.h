// What the commands print: errors in one line, JSON in one line.
#pragma once

#include <string>
#include <vector>

namespace hornbeam::cli {

// "error: TEXT" on stderr, line ends replaced by spaces.
void print_error(const std::string& text);

// "[0.1, 0.2]", each number so that it reads back as it is.
std::string json_array(const std::vector<double>& values);
std::string json_number(double value);

// "12.3 us", "4.56 ms", "7.89 s".
std::string readable_seconds(double seconds);

}  // namespace hornbeam::cli
