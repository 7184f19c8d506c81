// From hk ops to kernel functions and calls of them: each distinct kernel is emitted once, however often it is used.
#pragma once

#include <vector>

#include <absl/status/status.h>
#include <hornbeam/base/target.h>

#include "codegen/compiler.h"
#include "codegen/cpu/kernels/points.h"

namespace hornbeam::codegen {

// Replaces every hk op of the module by a call of a private kernel function. With `sites` a call of hornbeam_mark follows
// each, with its number among them, and comes first in each entry, with -1.
absl::Status emit_kernels(mlir::ModuleOp module, const Target& target, std::vector<KernelSite>* sites = nullptr);

// What an emitter works in: the body of a kernel function.
struct Kernel {
  Kernel(Emitter emitter, const Target& target) : e(std::move(emitter)), target(target) {}

  Emitter e;
  const Target& target;
  llvm::DenseMap<mlir::Value, mlir::Value> arguments;  // the op's operand → the function's argument
  mlir::Value thread, threads;                         // null in a kernel that is not shared among threads

  mlir::Value argument(mlir::Value operand) const { return arguments.lookup(operand); }
  int64_t lanes() const { return target.vector_bytes / 4; }
  // This thread's part of 0 .. n - 1.
  std::pair<mlir::Value, mlir::Value> share(int64_t n);
  // Runs the op's epilogue at the points: loads what it uses, stores what it yields. `loaded` has, for each of the
  // extras, what is at hand of it already, null where nothing is.
  void finish(hk::KernelOpInterface op, mlir::ValueRange computed, const Points& points,
              llvm::ArrayRef<mlir::Value> loaded = {});
};

void emit_map(Kernel& kernel, hk::MapOp op);
void emit_reduce(Kernel& kernel, hk::ReduceOp op);
void emit_gemm(Kernel& kernel, hk::GemmOp op);
void emit_conv(Kernel& kernel, hk::ConvOp op);
void emit_conv_kernel_grad(Kernel& kernel, hk::ConvKernelGradOp op);
void emit_scatter_add(Kernel& kernel, hk::ScatterAddOp op);
void emit_gather_rows(Kernel& kernel, hk::GatherRowsOp op, mlir::Value step);
void emit_store_rows(Kernel& kernel, hk::StoreRowsOp op, mlir::Value first);

}  // namespace hornbeam::codegen
