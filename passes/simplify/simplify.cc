// The pass horn-simplify.
#include "passes/simplify/simplify.h"

#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/IR/Dominance.h>
#include <mlir/Pass/PassManager.h>
#include <mlir/Transforms/CSE.h>
#include <mlir/Transforms/GreedyPatternRewriteDriver.h>

#include "ir/create_op.h"
#include "ir/horn.h"
#include "ir/module_impl.h"
#include "passes/simplify/simplify_module.h"

namespace hornbeam::passes {
namespace {

// Rules find more when a loop was changed, and loops when rules were applied; a few rounds find nearly all.
constexpr int kMostRounds = 6;

class Simplify : public mlir::PassWrapper<Simplify, mlir::OperationPass<mlir::ModuleOp>> {
 public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(Simplify)
  llvm::StringRef getArgument() const final { return "horn-simplify"; }
  llvm::StringRef getDescription() const final { return "Fold, merge and drop horn ops without changing results"; }

  void runOnOperation() override {
    mlir::RewritePatternSet patterns(&getContext());
    add_constant_patterns(patterns);
    add_algebra_patterns(patterns);
    add_shape_patterns(patterns);
    add_broadcast_patterns(patterns);
    add_dot_patterns(patterns);
    bool differentiates =
        getOperation().walk([](horn::GradientOp) { return mlir::WalkResult::interrupt(); }).wasInterrupted();
    if (!differentiates) add_stop_gradient_pattern(patterns);
    mlir::FrozenRewritePatternSet frozen(std::move(patterns));

    mlir::GreedyRewriteConfig config;
    config.setUseTopDownTraversal().setRegionSimplificationLevel(mlir::GreedySimplifyRegionLevel::Disabled);
    for (auto function : getOperation().getOps<mlir::func::FuncOp>()) {
      mlir::IRRewriter rewriter(&getContext());
      // Equal ops first: rules that compare operands see one value then. Again afterwards, for what the rules made
      // equal.
      auto merge_equal_ops = [&] {
        mlir::DominanceInfo dominance(function);
        mlir::eliminateCommonSubExpressions(rewriter, dominance, function);
      };
      bool loops_changed = true;
      for (int round = 0; loops_changed && round < kMostRounds; ++round) {
        merge_equal_ops();
        if (failed(mlir::applyPatternsGreedily(function, frozen, config))) return signalPassFailure();
        merge_equal_ops();
        loops_changed = simplify_loops(function);
      }
    }
  }
};

}  // namespace

std::unique_ptr<mlir::Pass> create_simplify_pass() { return std::make_unique<Simplify>(); }

absl::Status simplify(ir::Module& module) {
  ir::ErrorText errors(module.impl().context.get());
  mlir::PassManager passes(module.impl().context.get(), mlir::ModuleOp::getOperationName());
  passes.addPass(create_simplify_pass());
  return failed(passes.run(*module.impl().module)) ? errors.status() : absl::OkStatus();
}

}  // namespace hornbeam::passes
