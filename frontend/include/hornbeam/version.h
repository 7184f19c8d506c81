// Hornbeam's version, of the headers (macro) and of the library (function).
#pragma once

#define HORNBEAM_VERSION "0.1.0"

namespace hornbeam {

const char* version();

}  // namespace hornbeam
