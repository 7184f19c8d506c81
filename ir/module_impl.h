// What an ir::Module holds, for the rooms that speak MLIR.
#pragma once

#include <memory>

#include <mlir/IR/BuiltinOps.h>
#include <mlir/IR/MLIRContext.h>
#include <mlir/IR/OwningOpRef.h>

#include "ir/builder.h"

namespace hornbeam::ir {

// A context without threads, with horn and func loaded. Other dialects are loaded by the passes that make their ops
// (getDependentDialects); external models come in with context->appendDialectRegistry.
std::unique_ptr<mlir::MLIRContext> make_context();

struct Module::Impl {
  std::unique_ptr<mlir::MLIRContext> context;  // a module's own, so modules may be used from several threads
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

}  // namespace hornbeam::ir
