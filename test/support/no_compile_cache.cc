// Tests compile what they test, benches what they time, and both leave their user's compile cache alone, unless they ask for one.
#include <cstdlib>

namespace {

[[maybe_unused]] const int kOff = setenv("HORNBEAM_CACHE_DIR", "off", 0);

}  // namespace
