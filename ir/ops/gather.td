// Rows by index, and the adjoint.
#ifndef HORNBEAM_IR_OPS_GATHER
#define HORNBEAM_IR_OPS_GATHER

def Horn_TakeOp : Horn_Op<"take", [DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "the slices of x at `indices` along an axis, which indices' shape replaces; out of range is clamped";
  let arguments = (ins Horn_Tensor:$x, Horn_Tensor:$indices, I64Attr:$axis);
  let results = (outs Horn_Tensor:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}
def Horn_TakeBackwardOp : Horn_Op<"take_backward", [DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "gradient of take by x: zeros of input_shape with the slices of dy added at `indices`";
  let arguments = (ins Horn_Tensor:$indices, Horn_Tensor:$dy, I64Attr:$axis, DenseI64ArrayAttr:$input_shape);
  let results = (outs Horn_Tensor:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}

#endif
