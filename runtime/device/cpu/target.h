// Whether this machine can run code for a target.
#pragma once

#include <string>

namespace hornbeam::runtime {

// `target` holds the features the code was compiled for, "+avx2,+fma,…" in LLVM's spelling, among other words. Throws
// ValueError if this processor lacks one: running on would end in an illegal instruction.
void check_target(const std::string& target);

}  // namespace hornbeam::runtime
