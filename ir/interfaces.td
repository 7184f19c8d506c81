// What a horn op tells the passes and the tests about itself. Each op implements those that fit it, side by side in
// its family's .cc.
#ifndef HORNBEAM_IR_INTERFACES
#define HORNBEAM_IR_INTERFACES

include "mlir/IR/OpBase.td"

def ElementwiseOpInterface : OpInterface<"ElementwiseOpInterface"> {
  let cppNamespace = "::hornbeam::horn";
  let description = [{
    An op whose result element depends on the operands' elements at the same place alone. Operands and result have equal
    shapes.
  }];
  let methods = [
    InterfaceMethod<[{
      Builds the op on single elements, or on vectors of them, with arith and math ops alone. Scalars are signless (i1
      for bool); the signedness is that of the op's tensor operands.
    }], "::mlir::Value", "emit_scalar",
    (ins "::mlir::OpBuilder&":$builder, "::mlir::Location":$loc, "::mlir::ValueRange":$scalars)>
  ];
}

def DifferentiableOpInterface : OpInterface<"DifferentiableOpInterface"> {
  let cppNamespace = "::hornbeam::horn";
  let description = "An op with a vector-Jacobian product, written in horn ops that are differentiable themselves.";
  let methods = [
    InterfaceMethod<[{
      `cotangents` has one value per result, null where none reached it (at least one is not null). Appends to `grads`
      one value per operand, null where the operand gets no gradient (integers, or zero everywhere).
    }], "void", "vjp",
    (ins "::mlir::OpBuilder&":$builder, "::mlir::ValueRange":$cotangents,
         "::llvm::SmallVectorImpl<::mlir::Value>&":$grads)>
  ];
}

def ReferenceOpInterface : OpInterface<"ReferenceOpInterface"> {
  let cppNamespace = "::hornbeam::horn";
  let description = "An op that can compute itself on host arrays: slow, and obviously right.";
  let methods = [
    InterfaceMethod<"The results for these operands, whose types are the op's.",
    "::std::vector<::hornbeam::Array>", "evaluate", (ins "::llvm::ArrayRef<::hornbeam::Array>":$operands)>
  ];
}

def DecomposableOpInterface : OpInterface<"DecomposableOpInterface"> {
  let cppNamespace = "::hornbeam::horn";
  let description = "A fused op that can be written in simpler horn ops.";
  let methods = [
    InterfaceMethod<"Builds the simpler ops; one value per result.",
    "void", "decompose",
    (ins "::mlir::OpBuilder&":$builder, "::llvm::SmallVectorImpl<::mlir::Value>&":$results)>
  ];
}

#endif
