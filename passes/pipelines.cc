// The stages from horn to hk, in order.
#include "passes/pipelines.h"

#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/IR/Diagnostics.h>
#include <mlir/Pass/PassManager.h>

#include "ir/kernel/hk.h"
#include "ir/module_impl.h"
#include "passes/autodiff/expand_gradients.h"
#include "passes/batch/split_batch.h"
#include "passes/fusion/fuse.h"
#include "passes/fusion/recompute.h"
#include "passes/fusion/schedule.h"
#include "passes/lowering/entry.h"
#include "passes/lowering/fuse_steps.h"
#include "passes/lowering/normalize.h"
#include "passes/lowering/to_kernels.h"
#include "passes/memory/arena.h"
#include "passes/memory/barriers.h"
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

  auto run = [&](llvm::function_ref<void(mlir::PassManager&)> add) {
    mlir::PassManager passes(context, mlir::ModuleOp::getOperationName());
    passes.enableVerifier(false);
    add(passes);
    return mlir::succeeded(passes.run(top));
  };
  using mlir::func::FuncOp;

  show("horn");
  if (!run([&](mlir::PassManager& passes) {
        passes.addPass(create_expand_gradients_pass());
        passes.addPass(create_simplify_pass());
        passes.addNestedPass<FuncOp>(create_normalize_pass());
        passes.addPass(create_simplify_pass());
        passes.addNestedPass<FuncOp>(create_split_batch_pass(target));
      }))
    return failed("The program could not be simplified");
  show("simplified");
  if (!run([](mlir::PassManager& passes) {
        passes.addNestedPass<FuncOp>(create_recompute_pass());
        passes.addNestedPass<FuncOp>(create_fuse_pass());
        passes.addNestedPass<FuncOp>(create_schedule_pass());
      }))
    return failed("The program could not be fused");
  show("fused");
  if (!run([&](mlir::PassManager& passes) {
        passes.addPass(create_to_kernels_pass(target));
        passes.addPass(create_fuse_steps_pass(state, target));
        passes.addNestedPass<FuncOp>(create_plan_arena_pass());
        passes.addNestedPass<FuncOp>(create_place_barriers_pass());
      }))
    return failed("The program could not be lowered");
  show("kernels");
  std::vector<LoweredEntry> entries;
  for (FuncOp entry : top.getOps<FuncOp>()) entries.push_back(take_description(entry));
  return entries;
}

}  // namespace hornbeam::passes
