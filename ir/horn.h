// The room's door for those who know MLIR: the horn dialect's ops and interfaces.
#pragma once

#include <vector>

#include <hornbeam/base/array.h>
#include <mlir/Bytecode/BytecodeOpInterface.h>
#include <mlir/IR/Builders.h>
#include <mlir/IR/BuiltinTypes.h>
#include <mlir/IR/Dialect.h>
#include <mlir/IR/OpDefinition.h>
#include <mlir/IR/OpImplementation.h>
#include <mlir/Interfaces/InferTypeOpInterface.h>
#include <mlir/Interfaces/SideEffectInterfaces.h>

#include "ir/dialect.h.inc"
#include "ir/interfaces.h.inc"

#define GET_OP_CLASSES
#include "ir/ops.h.inc"

namespace hornbeam::horn {

// Attributes of job functions (func.func).
inline constexpr llvm::StringLiteral kRoleAttr = "horn.role";          // "state" or "batch", on arguments and results
inline constexpr llvm::StringLiteral kNameAttr = "horn.name";          // the state variable's or port's name
inline constexpr llvm::StringLiteral kPerBatchAttr = "horn.per_batch"; // bool, on results of role batch

}  // namespace hornbeam::horn
