// What all kernels have in common, for passes and codegen that treat them alike.
#ifndef HORNBEAM_KERNEL_INTERFACE_TD
#define HORNBEAM_KERNEL_INTERFACE_TD

include "mlir/IR/OpBase.td"

def KernelOpInterface : OpInterface<"KernelOpInterface"> {
  let cppNamespace = "::hornbeam::hk";
  let methods = [
    InterfaceMethod<"Pointwise inputs of the epilogue.", "::mlir::OperandRange", "extra_buffers", (ins), [{ return $_op.getExtras(); }]>,
    InterfaceMethod<"What is written.", "::mlir::OperandRange", "out_buffers", (ins), [{ return $_op.getOuts(); }]>,
    InterfaceMethod<"The points that are computed.", "::llvm::ArrayRef<int64_t>", "domain", (ins), [{ return $_op.getDomain(); }]>,
    InterfaceMethod<"Factors and constant of extra or out i (extras first).", "::llvm::ArrayRef<int64_t>", "access_of", (ins "unsigned":$i),
      [{ return ::llvm::cast<::mlir::DenseI64ArrayAttr>($_op.getAccess()[i]).asArrayRef(); }]>,
    InterfaceMethod<"Runs at every point.", "::mlir::Region&", "epilogue_region", (ins), [{ return $_op.getEpilogue(); }]>,
    InterfaceMethod<"Parts that threads can share.", "int64_t", "unit_count", (ins), [{ return $_op.getUnits(); }]>,
  ];
}

#endif
