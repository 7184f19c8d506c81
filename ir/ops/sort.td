// Order.
#ifndef HORNBEAM_IR_OPS_SORT
#define HORNBEAM_IR_OPS_SORT

def Horn_ArgsortOp : Horn_Op<"argsort", [DeclareOpInterfaceMethods<DecomposableOpInterface>]> {
  let summary = "int32 places along an axis of the elements in order; equal elements stay in order, NaN is the largest";
  let arguments = (ins Horn_Tensor:$x, I64Attr:$axis, BoolAttr:$descending);
  let results = (outs Horn_Tensor:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}

#endif
