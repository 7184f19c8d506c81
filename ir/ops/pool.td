// Pooling over 1 to 3 spatial axes, channels last, and its gradients. Padding is never chosen nor counted.
#ifndef HORNBEAM_IR_OPS_POOL
#define HORNBEAM_IR_OPS_POOL

class Horn_PoolOp<string mnemonic, dag operands, dag attributes>
    : Horn_Op<mnemonic, [DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let arguments = !con(operands, attributes,
                       (ins DenseI64ArrayAttr:$window, DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$padding));
  let results = (outs Horn_Tensor:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}

def Horn_MaxPoolOp : Horn_PoolOp<"max_pool", (ins Horn_Tensor:$x), (ins)> {
  let summary = "the largest of each window of x [N, spatial…, C], NaN if one is";
}
def Horn_MaxPoolBackwardOp : Horn_PoolOp<"max_pool_backward", (ins Horn_Tensor:$x, Horn_Tensor:$dy), (ins)> {
  let summary = "gradient of max_pool by x: the first maximum of a window (the first NaN if there is one) takes its dy";
}
def Horn_MaxPoolGatherOp : Horn_PoolOp<"max_pool_gather", (ins Horn_Tensor:$x, Horn_Tensor:$g), (ins)> {
  let summary = "g where each window of x has its first maximum: the adjoint of max_pool_backward";
}
def Horn_AvgPoolOp : Horn_PoolOp<"avg_pool", (ins Horn_Tensor:$x), (ins)> {
  let summary = "the mean of each window of x [N, spatial…, C] over the elements that lie inside x";
}
def Horn_AvgPoolBackwardOp : Horn_PoolOp<"avg_pool_backward", (ins Horn_Tensor:$dy),
                                         (ins DenseI64ArrayAttr:$input_shape)> {
  let summary = "gradient of avg_pool by x";
}

#endif
