#include "passes/fusion/fuse.h"

#include "passes/fusion/plan.h"

namespace hornbeam::passes {
namespace {

class Fuse : public mlir::PassWrapper<Fuse, mlir::OperationPass<mlir::func::FuncOp>> {
 public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(Fuse)
  llvm::StringRef getArgument() const final { return "horn-fuse"; }
  llvm::StringRef getDescription() const final {
    return "Group the ops of normalized functions that become one kernel";
  }
  void runOnOperation() override {
    if (mlir::failed(fuse(getOperation().front()))) signalPassFailure();
  }

 private:
  static mlir::LogicalResult fuse(mlir::Block& block) {
    mlir::FailureOr<Plan> plan = form_groups(block);
    if (mlir::failed(plan)) return mlir::failure();
    write_plan(*plan, block);
    for (mlir::Operation& op : block)
      for (mlir::Region& region : op.getRegions())
        if (mlir::failed(fuse(region.front()))) return mlir::failure();
    return mlir::success();
  }
};

}  // namespace

std::unique_ptr<mlir::Pass> create_fuse_pass() { return std::make_unique<Fuse>(); }

}  // namespace hornbeam::passes
