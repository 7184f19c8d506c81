#include "codegen/cpu/kernels/emit_pass.h"

#include <mlir/Dialect/LLVMIR/LLVMDialect.h>

#include "codegen/cpu/kernels/kernels.h"

namespace hornbeam::codegen {
namespace {

class EmitKernels : public mlir::PassWrapper<EmitKernels, mlir::OperationPass<mlir::ModuleOp>> {
 public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(EmitKernels)
  EmitKernels() = default;
  EmitKernels(const EmitKernels& other) : PassWrapper(other) {}

  llvm::StringRef getArgument() const final { return "hk-emit-kernels"; }
  llvm::StringRef getDescription() const final { return "Make a function of vector loops of each distinct kernel"; }
  void getDependentDialects(mlir::DialectRegistry& registry) const override {
    registry
        .insert<mlir::arith::ArithDialect, mlir::func::FuncDialect, mlir::LLVM::LLVMDialect, mlir::math::MathDialect,
                mlir::memref::MemRefDialect, mlir::scf::SCFDialect, mlir::vector::VectorDialect>();
  }
  void runOnOperation() override {
    Target target;
    target.vector_bytes = vector_bytes_;
    if (absl::Status status = emit_kernels(getOperation(), target); !status.ok())
      return getOperation().emitError(std::string(status.message())), signalPassFailure();
  }

 private:
  Option<int> vector_bytes_{*this, "vector-bytes", llvm::cl::desc("the width of a vector register"),
                            llvm::cl::init(Target().vector_bytes)};
};

}  // namespace

std::unique_ptr<mlir::Pass> create_emit_kernels_pass() { return std::make_unique<EmitKernels>(); }

}  // namespace hornbeam::codegen
