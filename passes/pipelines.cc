// The stages from horn to hk, in order.
#include "passes/pipelines.h"

#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/IR/Diagnostics.h>
#include <mlir/Pass/PassManager.h>

#include "ir/kernel/hk.h"
#include "ir/module_impl.h"
#include "passes/autodiff/expand_gradients.h"
#include "passes/lowering/entry.h"
#include "passes/lowering/normalize.h"
#include "passes/simplify/simplify.h"

namespace hornbeam::passes {
namespace {

std::string text_of(mlir::ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream(text) << module;
  return text;
}

}  // namespace

absl::StatusOr<std::vector<LoweredEntry>> lower(ir::Module& module, const std::vector<StatePlace>& state,
                                                const Target& target, const StageObserver& observer) {
  mlir::ModuleOp top = *module.impl().module;
  mlir::MLIRContext* context = top.getContext();
  context->loadDialect<hk::HKDialect, mlir::arith::ArithDialect, mlir::math::MathDialect, mlir::scf::SCFDialect,
                       mlir::memref::MemRefDialect, mlir::vector::VectorDialect, mlir::LLVM::LLVMDialect,
                       mlir::func::FuncDialect>();
  std::string errors;
  mlir::ScopedDiagnosticHandler handler(context, [&](mlir::Diagnostic& diagnostic) {
    if (diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error)
      errors += (errors.empty() ? "" : "; ") + diagnostic.str();
    return mlir::success();
  });
  auto show = [&](const char* stage) {
    if (observer) observer(stage, text_of(top));
  };
  auto failed = [&](const char* what) {
    return absl::UnimplementedError(std::string(what) + ": " + (errors.empty() ? "no reason was given" : errors));
  };

  show("horn");
  mlir::PassManager passes(context, mlir::ModuleOp::getOperationName());
  passes.enableVerifier(false);
  passes.addPass(create_expand_gradients_pass());
  passes.addPass(create_simplify_pass());
  passes.addNestedPass<mlir::func::FuncOp>(create_normalize_pass());
  passes.addPass(create_simplify_pass());
  if (mlir::failed(passes.run(top))) return failed("The program could not be simplified");
  show("simplified");

  std::vector<LoweredEntry> entries;
  for (mlir::func::FuncOp job : llvm::make_early_inc_range(top.getOps<mlir::func::FuncOp>())) {
    mlir::FailureOr<LoweredEntry> entry = lower_entry(job, state, target);
    if (mlir::failed(entry)) return failed("The program could not be lowered");
    entries.push_back(*entry);
  }
  show("kernels");
  return entries;
}

}  // namespace hornbeam::passes
