#include "passes/lowering/entry_pass.h"

#include <llvm/ADT/StringSet.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>

#include "ir/horn.h"
#include "ir/kernel/hk.h"
#include "ir/types.h"
#include "passes/lowering/entry.h"

namespace hornbeam::passes {
namespace {

class ToKernels : public mlir::PassWrapper<ToKernels, mlir::OperationPass<mlir::ModuleOp>> {
 public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(ToKernels)
  ToKernels() = default;
  ToKernels(const ToKernels& other) : PassWrapper(other) {}

  llvm::StringRef getArgument() const final { return "horn-to-kernels"; }
  llvm::StringRef getDescription() const final {
    return "Fuse, schedule and lower normalized job functions to hk on one arena";
  }
  void getDependentDialects(mlir::DialectRegistry& registry) const override {
    registry.insert<hk::HKDialect, mlir::arith::ArithDialect, mlir::math::MathDialect, mlir::scf::SCFDialect,
                    mlir::memref::MemRefDialect, mlir::LLVM::LLVMDialect>();
  }

  void runOnOperation() override {
    std::vector<StatePlace> places;
    llvm::StringSet<> seen;
    int64_t offset = 0;
    for (mlir::func::FuncOp job : getOperation().getOps<mlir::func::FuncOp>())
      for (mlir::BlockArgument argument : job.getArguments()) {
        auto role = job.getArgAttrOfType<mlir::StringAttr>(argument.getArgNumber(), horn::kRoleAttr);
        auto name = job.getArgAttrOfType<mlir::StringAttr>(argument.getArgNumber(), horn::kNameAttr);
        if (!role || !name) return job.emitError("has an argument without a role and a name"), signalPassFailure();
        if (role.getValue() != "state" || !seen.insert(name.getValue()).second) continue;
        ir::Type type = ir::from_mlir(llvm::cast<mlir::RankedTensorType>(argument.getType()));
        places.push_back({name.str(), type.dtype, type.shape, 0, offset});
        offset += llvm::alignTo(type.shape.num_elements() * static_cast<int64_t>(size_of(type.dtype)), 64);
      }
    Target target;
    target.threads = threads_;
    for (mlir::func::FuncOp job : llvm::make_early_inc_range(getOperation().getOps<mlir::func::FuncOp>()))
      if (mlir::failed(lower_entry(job, places, target))) return signalPassFailure();
  }

 private:
  Option<int> threads_{*this, "threads", llvm::cl::desc("the most threads that an entry may use"), llvm::cl::init(1)};
};

}  // namespace

std::unique_ptr<mlir::Pass> create_to_kernels_pass() { return std::make_unique<ToKernels>(); }

}  // namespace hornbeam::passes
