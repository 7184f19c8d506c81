// Counter-based random numbers: a pure function of the seed.
#ifndef HORNBEAM_IR_OPS_RANDOM
#define HORNBEAM_IR_OPS_RANDOM

def Horn_RandomUniformOp : Horn_Op<"random_uniform"> {
  let summary = "float32 in [0, 1) from a uint32[2] seed";
  let description = "Element i is unit_float(philox4x32({lo32(i), hi32(i), 0, 0}, {seed[0], seed[1]})[0]).";
  let arguments = (ins Horn_Tensor:$seed, DenseI64ArrayAttr:$shape);
  let results = (outs Horn_Tensor:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}

#endif
