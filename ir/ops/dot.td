// The general matrix product.
#ifndef HORNBEAM_IR_OPS_DOT
#define HORNBEAM_IR_OPS_DOT

def Horn_DotOp : Horn_Op<"dot", [DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "sum of products over the contracted axes";
  let description = "Result axes: batch, then lhs's free axes, then rhs's. Paired axes have equal sizes.";
  let arguments = (ins Horn_Tensor:$lhs, Horn_Tensor:$rhs, DenseI64ArrayAttr:$lhs_contract,
                       DenseI64ArrayAttr:$rhs_contract, DenseI64ArrayAttr:$lhs_batch, DenseI64ArrayAttr:$rhs_batch);
  let results = (outs Horn_Tensor:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}

#endif
