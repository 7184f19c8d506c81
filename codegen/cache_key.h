// What a compiled Program is kept under.
#pragma once

#include <string>
#include <vector>

#include <hornbeam/base/target.h>
#include <hornbeam/runtime/program.h>

#include "ir/builder.h"

namespace hornbeam::codegen {

// A hash (64 hexadecimal digits) of all that a Program depends on: the module's text, the state's layout, the target, and
// this build of Hornbeam. Empty if the build cannot be told from another, so that nothing may be kept.
std::string cache_key(const ir::Module& module, const std::vector<runtime::StateVariable>& state, const Target& target);

}  // namespace hornbeam::codegen
