// Small things of SVG.
#pragma once

#include <string>

namespace hornbeam::plot {

// Text with &, <, > and quotes written as entities, control characters as spaces.
std::string escaped(const std::string& text);
// A number with at most one digit after the point.
std::string number(double value);

}  // namespace hornbeam::plot
