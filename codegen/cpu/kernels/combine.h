// The combining operations of reductions: neutral element, one step, and the fold of a vector to a scalar.
#pragma once

#include "codegen/cpu/kernels/points.h"

namespace hornbeam::codegen {

// kind: sum, prod, max, min; umax and umin for unsigned and boolean elements.
mlir::Attribute neutral_element(llvm::StringRef kind, mlir::Type element);
mlir::Value combine(Emitter& e, llvm::StringRef kind, mlir::Value a, mlir::Value b);
mlir::Value fold(Emitter& e, llvm::StringRef kind, mlir::Value vector);

}  // namespace hornbeam::codegen
