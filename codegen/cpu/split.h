// Divides an LLVM module, so that its code is generated on several cores.
#pragma once

#include <string>
#include <vector>

#include <llvm/IR/Module.h>

namespace hornbeam::codegen {

// The parts as bitcode, each with some of the functions and declarations of the others; empty if the module is too small
// to be worth it. How it is divided depends on the module alone, so that every machine makes the same image. Internal
// functions become hidden ones.
std::vector<std::string> split_to_bitcode(llvm::Module& module);

}  // namespace hornbeam::codegen
