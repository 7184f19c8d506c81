// Convolution (cross-correlation, as Keras') of 1 to 3 spatial axes, channels last, and its two gradients.
#ifndef HORNBEAM_IR_OPS_CONV
#define HORNBEAM_IR_OPS_CONV

class Horn_ConvOpBase<string mnemonic, dag operands, dag attributes>
    : Horn_Op<mnemonic, [DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let arguments = !con(operands, attributes, (ins DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$padding,
                                                  DenseI64ArrayAttr:$dilation, I64Attr:$groups));
  let results = (outs Horn_Tensor:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}

def Horn_ConvOp : Horn_ConvOpBase<"conv", (ins Horn_Tensor:$x, Horn_Tensor:$kernel), (ins)> {
  let summary = "x [N, spatial…, C], kernel [spatial…, C/groups, F] → [N, out spatial…, F]";
  let description = [{
    padding = [low0, high0, low1, high1, …]; out = floor((in + low + high - (k - 1) * dilation - 1) / stride) + 1.
    Output channel f belongs to group f / (F / groups), which sees input channels group * C/groups and on.
  }];
}
def Horn_ConvBackwardDataOp : Horn_ConvOpBase<"conv_backward_data", (ins Horn_Tensor:$dy, Horn_Tensor:$kernel),
                                              (ins DenseI64ArrayAttr:$input_shape)> {
  let summary = "gradient of conv by x: dx of shape input_shape";
}
def Horn_ConvBackwardKernelOp : Horn_ConvOpBase<"conv_backward_kernel", (ins Horn_Tensor:$x, Horn_Tensor:$dy),
                                                (ins DenseI64ArrayAttr:$kernel_shape)> {
  let summary = "gradient of conv by its kernel: of shape kernel_shape";
}

#endif
