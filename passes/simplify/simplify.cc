// The pass horn-simplify.
#include "passes/simplify/simplify.h"

#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/IR/Dominance.h>
#include <mlir/Transforms/CSE.h>
#include <mlir/Transforms/GreedyPatternRewriteDriver.h>

#include "ir/horn.h"

namespace hornbeam::passes {
namespace {

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
    add_dot_patterns(patterns);
    bool differentiates = getOperation().walk([](horn::GradientOp) { return mlir::WalkResult::interrupt(); }).wasInterrupted();
    if (!differentiates) add_stop_gradient_pattern(patterns);
    mlir::FrozenRewritePatternSet frozen(std::move(patterns));

    mlir::GreedyRewriteConfig config;
    config.setUseTopDownTraversal().setRegionSimplificationLevel(mlir::GreedySimplifyRegionLevel::Disabled);
    mlir::DominanceInfo dominance(getOperation());
    for (auto function : getOperation().getOps<mlir::func::FuncOp>()) {
      mlir::IRRewriter rewriter(&getContext());
      // Equal ops first: rules that compare operands see one value then. Again afterwards, for what the rules made equal.
      mlir::eliminateCommonSubExpressions(rewriter, dominance, function);
      if (failed(mlir::applyPatternsGreedily(function, frozen, config))) return signalPassFailure();
      mlir::eliminateCommonSubExpressions(rewriter, dominance, function);
    }
  }
};

}  // namespace

std::unique_ptr<mlir::Pass> create_simplify_pass() { return std::make_unique<Simplify>(); }

}  // namespace hornbeam::passes
