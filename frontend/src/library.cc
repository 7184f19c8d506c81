// The version that the shared library reports; the rooms' archives are linked whole around this file.
#include <hornbeam/version.h>

namespace hornbeam {

const char* version() { return HORNBEAM_VERSION; }

}  // namespace hornbeam
