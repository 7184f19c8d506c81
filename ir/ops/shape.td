// Ops that make a tensor from nothing, or move elements without computing.
#ifndef HORNBEAM_IR_OPS_SHAPE
#define HORNBEAM_IR_OPS_SHAPE

class Horn_ShapeOp<string mnemonic, list<Trait> traits = []>
    : Horn_Op<mnemonic, traits # [DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let results = (outs Horn_Tensor:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}

def Horn_ConstantOp : Horn_Op<"constant", [ConstantLike]> {
  let summary = "a tensor known when the program is built";
  let arguments = (ins ElementsAttr:$value);
  let results = (outs Horn_Tensor:$result);
  let assemblyFormat = "attr-dict $value";
  let hasFolder = 1;
}

def Horn_IotaOp : Horn_Op<"iota"> {
  let summary = "0, 1, 2, … along an axis";
  let arguments = (ins DenseI64ArrayAttr:$shape, I64Attr:$axis, TypeAttr:$dtype);
  let results = (outs Horn_Tensor:$result);
  let assemblyFormat = "attr-dict `:` type($result)";
}

def Horn_BroadcastOp : Horn_ShapeOp<"broadcast"> {
  let summary = "operand axis i becomes result axis axes[i]; operand axes of size 1 expand; the others repeat";
  let arguments = (ins Horn_Tensor:$x, DenseI64ArrayAttr:$shape, DenseI64ArrayAttr:$axes);
}

def Horn_ReshapeOp : Horn_ShapeOp<"reshape"> {
  let summary = "the same elements in row-major order; one axis of `shape` may be -1: what makes the counts equal";
  let arguments = (ins Horn_Tensor:$x, DenseI64ArrayAttr:$shape);
}

def Horn_TransposeOp : Horn_ShapeOp<"transpose"> {
  let summary = "result axis i is operand axis permutation[i]";
  let arguments = (ins Horn_Tensor:$x, DenseI64ArrayAttr:$permutation);
}

def Horn_ConcatOp : Horn_ShapeOp<"concat"> {
  let summary = "operands one after the other along an axis";
  let arguments = (ins Variadic<Horn_Tensor>:$inputs, I64Attr:$axis);
}

def Horn_SliceOp : Horn_ShapeOp<"slice"> {
  let summary = "elements start, start + stride, … < limit of every axis";
  let description = "0 <= start <= limit <= size. A limit of -1 is the end of an axis of unknown size.";
  let arguments = (ins Horn_Tensor:$x, DenseI64ArrayAttr:$start, DenseI64ArrayAttr:$limit, DenseI64ArrayAttr:$strides);
}

def Horn_PadOp : Horn_ShapeOp<"pad"> {
  let summary = "low[i] and high[i] copies of the scalar `value` before and after axis i; both >= 0";
  let arguments = (ins Horn_Tensor:$x, Horn_Tensor:$value, DenseI64ArrayAttr:$low, DenseI64ArrayAttr:$high);
}

def Horn_ReverseOp : Horn_ShapeOp<"reverse"> {
  let summary = "the elements of these axes in reverse";
  let arguments = (ins Horn_Tensor:$x, DenseI64ArrayAttr:$axes);
}

#endif
