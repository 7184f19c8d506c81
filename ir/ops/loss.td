// Fused ops with a gradient of their own, stable where their parts are not. Each can write itself in simpler ops.
#ifndef HORNBEAM_IR_OPS_LOSS
#define HORNBEAM_IR_OPS_LOSS

class Horn_FusedOp<string mnemonic, dag args>
    : Horn_Op<mnemonic, [DeclareOpInterfaceMethods<DifferentiableOpInterface>,
                         DeclareOpInterfaceMethods<DecomposableOpInterface>]> {
  let arguments = args;
  let results = (outs Horn_Tensor:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}

def Horn_SoftmaxOp : Horn_FusedOp<"softmax", (ins Horn_Tensor:$x, I64Attr:$axis)> {
  let summary = "exp(x - m) / sum(exp(x - m)) along an axis, m the maximum";
}
def Horn_LogSoftmaxOp : Horn_FusedOp<"log_softmax", (ins Horn_Tensor:$x, I64Attr:$axis)> {
  let summary = "x - logsumexp(x) along an axis";
}
def Horn_LogsumexpOp : Horn_FusedOp<"logsumexp", (ins Horn_Tensor:$x, DenseI64ArrayAttr:$axes)> {
  let summary = "log(sum(exp(x))) over axes, which are removed; the maximum is subtracted where it is finite";
}
def Horn_SparseSoftmaxCrossEntropyOp
    : Horn_FusedOp<"sparse_softmax_cross_entropy", (ins Horn_Tensor:$logits, Horn_Tensor:$labels)> {
  let summary = "-log_softmax(logits)[label] over the last axis: logits [..., C], integer labels [...] → [...]";
  let description = "A label outside [0, C) gives NaN, and a NaN gradient in its row.";
}
def Horn_SoftmaxCrossEntropyOp
    : Horn_FusedOp<"softmax_cross_entropy", (ins Horn_Tensor:$logits, Horn_Tensor:$targets)> {
  let summary = "-sum(targets * log_softmax(logits)) over the last axis";
}

#endif
