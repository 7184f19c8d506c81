// What the builder's sources share.
#pragma once

#include <memory>
#include <vector>

#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/IR/Verifier.h>

#include "ir/builder.h"
#include "ir/create_op.h"

namespace hornbeam::ir {

inline mlir::Value unwrap(Value value) { return mlir::Value::getFromOpaquePointer(value.impl()); }
inline Value wrap(mlir::Value value) { return Value(value.getAsOpaquePointer()); }
inline llvm::SmallVector<mlir::Value> unwrap(std::span<const Value> values) {
  llvm::SmallVector<mlir::Value> all;
  for (Value value : values) all.push_back(unwrap(value));
  return all;
}

struct Builder::Impl {
  mlir::MLIRContext* context;
  mlir::ModuleOp module;
  mlir::OpBuilder builder;
  mlir::func::FuncOp function;
  // Open gradients and bodies, innermost last: the region's block, until its op takes it, and where to go on.
  struct Open {
    std::unique_ptr<mlir::Block> block;
    mlir::OpBuilder::InsertPoint outside;
  };
  std::vector<Open> open;
  std::vector<std::unique_ptr<mlir::Block>> bodies;  // ended, not yet taken

  std::vector<mlir::StringAttr> sources = {};  // the paths of those that are open, innermost last

  mlir::Location loc() {
    if (sources.empty()) return builder.getUnknownLoc();
    return mlir::NameLoc::get(sources.back());
  }
  Open close() {
    Open last = std::move(open.back());
    open.pop_back();
    builder.restoreInsertionPoint(last.outside);
    return last;
  }
  std::unique_ptr<mlir::Block> take_body() {
    std::unique_ptr<mlir::Block> body = std::move(bodies.back());
    bodies.pop_back();
    return body;
  }
};

}  // namespace hornbeam::ir
