// The hk dialect: registration, memory effects and verifiers.
#include "ir/kernel/hk.h"

#include "ir/kernel/dialect.cc.inc"
#include "ir/kernel/interface.cc.inc"

#define GET_OP_CLASSES
#include "ir/kernel/ops.cc.inc"

namespace hornbeam::hk {
namespace {

using Effects = llvm::SmallVectorImpl<mlir::SideEffects::EffectInstance<mlir::MemoryEffects::Effect>>;

// Everything a kernel names is read (outs too: an epilogue may use their old elements); outs are written.
void add_effects(mlir::Operation* op, mlir::OperandRange outs, Effects& effects) {
  for (mlir::OpOperand& operand : op->getOpOperands())
    if (llvm::isa<mlir::MemRefType>(operand.get().getType()))
      effects.emplace_back(mlir::MemoryEffects::Read::get(), &operand);
  unsigned first = outs.empty() ? 0 : outs.getBeginOperandIndex();
  for (unsigned i = 0; i < outs.size(); ++i)
    effects.emplace_back(mlir::MemoryEffects::Write::get(), &op->getOpOperand(first + i));
}

mlir::LogicalResult verify_kernel(KernelOpInterface kernel, unsigned computed) {
  mlir::Operation* op = kernel;
  size_t rank = kernel.domain().size();
  auto access = op->getAttrOfType<mlir::ArrayAttr>("access");
  size_t pointwise = kernel.extra_buffers().size() + kernel.out_buffers().size();
  if (access.size() != pointwise)
    return op->emitOpError("has ") << pointwise << " extras and outs, but " << access.size() << " accesses";
  for (mlir::Attribute one : access)
    if (llvm::cast<mlir::DenseI64ArrayAttr>(one).size() != static_cast<int64_t>(rank) + 1)
      return op->emitOpError("has an access without one factor per axis of the domain and a constant: ") << one;
  mlir::Block& block = kernel.epilogue_region().front();
  if (block.getNumArguments() != computed + pointwise)
    return op->emitOpError("has an epilogue with ")
           << block.getNumArguments() << " arguments; expected " << computed + pointwise;
  if (block.getTerminator()->getNumOperands() != kernel.out_buffers().size())
    return op->emitOpError("has an epilogue that does not yield one value per out");
  return mlir::success();
}

}  // namespace

void HKDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "ir/kernel/ops.cc.inc"
      >();
}

#define HK_KERNEL(OpClass, computed)                                                     \
  void OpClass::getEffects(Effects& effects) { add_effects(*this, getOuts(), effects); } \
  mlir::LogicalResult OpClass::verify() {                                                \
    return verify_kernel(llvm::cast<KernelOpInterface>(getOperation()), computed);       \
  }

HK_KERNEL(MapOp, 0)
HK_KERNEL(ReduceOp, 1)
HK_KERNEL(GemmOp, 1)
HK_KERNEL(ConvOp, 1)
#undef HK_KERNEL

// With scratch of their own, which they read and write.
#define HK_SUMMING_KERNEL(OpClass)                                                       \
  void OpClass::getEffects(Effects& effects) {                                           \
    add_effects(*this, getOuts(), effects);                                              \
    effects.emplace_back(mlir::MemoryEffects::Write::get(), &getSumsMutable());          \
  }                                                                                      \
  mlir::LogicalResult OpClass::verify() {                                                \
    return verify_kernel(llvm::cast<KernelOpInterface>(getOperation()), /*computed=*/1); \
  }

HK_SUMMING_KERNEL(ConvKernelGradOp)
HK_SUMMING_KERNEL(ScatterAddOp)
#undef HK_SUMMING_KERNEL

void GatherRowsOp::getEffects(Effects& effects) {
  effects.emplace_back(mlir::MemoryEffects::Read::get(), &getBaseMutable());
  effects.emplace_back(mlir::MemoryEffects::Read::get(), &getRowsMutable());
  effects.emplace_back(mlir::MemoryEffects::Write::get(), &getOutMutable());
}

void StoreRowsOp::getEffects(Effects& effects) {
  effects.emplace_back(mlir::MemoryEffects::Read::get(), &getValueMutable());
  effects.emplace_back(mlir::MemoryEffects::Write::get(), &getOutMutable());
}

}  // namespace hornbeam::hk
