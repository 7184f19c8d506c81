// hk.slice in LLVM: a pointer into the buffer.
#pragma once

#include <mlir/Conversion/LLVMCommon/TypeConverter.h>
#include <mlir/IR/PatternMatch.h>

namespace hornbeam::codegen {

void add_slice_pattern(mlir::LLVMTypeConverter& converter, mlir::RewritePatternSet& patterns);

}  // namespace hornbeam::codegen
