// The horn dialect: Keras-level ops on tensors with value semantics.
#ifndef HORNBEAM_IR_DIALECT
#define HORNBEAM_IR_DIALECT

include "mlir/IR/OpBase.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "ir/interfaces.td"

def Horn_Dialect : Dialect {
  let name = "horn";
  let cppNamespace = "::hornbeam::horn";
  let summary = "Keras-level ops on tensors";
  let description = [{
    Every op is pure and none broadcasts: `horn.broadcast` does. Element types are those of Keras: bool is i1, signed
    integers are signless (i32), unsigned ones are spelt so (ui32), floats are f16, bf16, f32, f64.
  }];
  let hasConstantMaterializer = 1;
}

def Horn_Tensor : RankedTensorOf<[I1, I8, I16, I32, I64, UI8, UI16, UI32, UI64, F16, BF16, F32, F64]>;

class Horn_Op<string mnemonic, list<Trait> traits = []>
    : Op<Horn_Dialect, mnemonic, traits # [Pure, InferTypeOpAdaptor, DeclareOpInterfaceMethods<ReferenceOpInterface>]>;

include "ir/ops/elementwise.td"
include "ir/ops/bits.td"
include "ir/ops/shape.td"
include "ir/ops/reduce.td"
include "ir/ops/dot.td"
include "ir/ops/conv.td"
include "ir/ops/pool.td"
include "ir/ops/gather.td"
include "ir/ops/sort.td"
include "ir/ops/random.td"
include "ir/ops/loss.td"
include "ir/ops/gradient.td"
include "ir/ops/control.td"

#endif
