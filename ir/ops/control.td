// Loops and branches: ops whose regions are bodies of horn ops that see nothing but their arguments.
#ifndef HORNBEAM_IR_OPS_CONTROL
#define HORNBEAM_IR_OPS_CONTROL

class Horn_ControlOp<string mnemonic, list<Trait> traits>
    : Op<Horn_Dialect, mnemonic, traits # [IsolatedFromAbove, Pure, DeclareOpInterfaceMethods<ReferenceOpInterface>]> {
  let results = (outs Variadic<Horn_Tensor>:$outputs);
  let hasRegionVerifier = 1;
}

def Horn_ScanOp : Horn_ControlOp<"scan", [SingleBlock, AttrSizedOperandSegments,
                                          DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "runs its region `length` times, values carried from step to step";
  let description = [{
    The region's arguments are the carried values (`init` at the first step), the slices of `xs` at this step along
    their axis 0, and the invariants. It yields the new carried values, then this step's outputs. Results: the carried
    values after the last step, and for each output one tensor with the steps along axis 0. With `reverse` the last
    slice comes first; outputs stand at their slices' places all the same.

        %h, %hs = horn.scan init(%h0) xs(%x) invariants(%w) {
        ^bb0(%0: tensor<2x3xf32>, %1: tensor<2x3xf32>, %2: tensor<3x3xf32>):
          …
          horn.yield %5, %5 : tensor<2x3xf32>, tensor<2x3xf32>
        } {length = 7 : i64} : (tensor<2x3xf32>, tensor<7x2x3xf32>, tensor<3x3xf32>) -> (tensor<2x3xf32>, tensor<7x2x3xf32>)
  }];
  let arguments = (ins Variadic<Horn_Tensor>:$init, Variadic<Horn_Tensor>:$xs, Variadic<Horn_Tensor>:$invariants,
                       I64Attr:$length, UnitAttr:$reverse);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    `init` `(` $init `)` `xs` `(` $xs `)` `invariants` `(` $invariants `)` $body attr-dict `:`
    functional-type(operands, results)
  }];
  let extraClassDeclaration = [{
    ::llvm::ArrayRef<::mlir::BlockArgument> carried_arguments() { return arguments_from(0, getInit().size()); }
    ::llvm::ArrayRef<::mlir::BlockArgument> slice_arguments() { return arguments_from(getInit().size(), getXs().size()); }
    ::llvm::ArrayRef<::mlir::BlockArgument> invariant_arguments() {
      return arguments_from(getInit().size() + getXs().size(), getInvariants().size());
    }
    ::llvm::ArrayRef<::mlir::BlockArgument> arguments_from(size_t first, size_t count) {
      return ::llvm::ArrayRef<::mlir::BlockArgument>(getBody().front().getArguments()).slice(first, count);
    }
    // What the region yields: the new carried values, the step's outputs.
    ::mlir::OperandRange yielded() { return getBody().front().getTerminator()->getOperands(); }
    ::mlir::OperandRange new_carries() { return yielded().take_front(getInit().size()); }
    ::mlir::OperandRange step_outputs() { return yielded().drop_front(getInit().size()); }
    ::mlir::ResultRange stacked() { return getOutputs().drop_front(getInit().size()); }
  }];
}

def Horn_CondOp : Horn_ControlOp<"cond", [DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "what one of two regions yields, chosen by a boolean scalar; both get `args`";
  let arguments = (ins Horn_Tensor:$pred, Variadic<Horn_Tensor>:$args);
  let regions = (region SizedRegion<1>:$then_body, SizedRegion<1>:$else_body);
  let assemblyFormat = [{
    $pred `args` `(` $args `)` $then_body `else` $else_body attr-dict `:` functional-type(operands, results)
  }];
}

def Horn_WhileOp : Horn_ControlOp<"while", [AttrSizedOperandSegments]> {
  let summary = "runs `body` on the carried values as long as `condition` yields true";
  let description = [{
    Both regions' arguments are the carried values and the invariants. There is no derivative: how often it runs is not
    known beforehand.
  }];
  let arguments = (ins Variadic<Horn_Tensor>:$init, Variadic<Horn_Tensor>:$invariants);
  let regions = (region SizedRegion<1>:$condition, SizedRegion<1>:$body);
  let assemblyFormat = [{
    `init` `(` $init `)` `invariants` `(` $invariants `)` $condition `do` $body attr-dict `:`
    functional-type(operands, results)
  }];
}

def Horn_RematOp : Horn_ControlOp<"remat", [SingleBlock, DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "what its region gives; a gradient computes it again instead of keeping what it needs of it";
  let description = [{
    The region's arguments are the operands. Its derivative copies the region's ops to where the cotangents are, so that
    nothing of the first computation has to stay in memory until then.
  }];
  let arguments = (ins Variadic<Horn_Tensor>:$args);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "`args` `(` $args `)` $body attr-dict `:` functional-type(operands, results)";
}

def Horn_CustomGradientOp : Horn_ControlOp<"custom_gradient", [SingleBlock, AttrSizedOperandSegments,
                                                               DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "its values as they are, with a derivative that a region gives";
  let description = [{
    `values` were computed from `inputs`. The region's arguments are the cotangents of the results and the invariants; it
    yields the cotangents of `inputs`. No cotangent goes to the values themselves, nor to the invariants.
  }];
  let arguments = (ins Variadic<Horn_Tensor>:$values, Variadic<Horn_Tensor>:$inputs, Variadic<Horn_Tensor>:$invariants);
  let regions = (region SizedRegion<1>:$backward);
  let assemblyFormat = [{
    `values` `(` $values `)` `inputs` `(` $inputs `)` `invariants` `(` $invariants `)` $backward attr-dict `:`
    functional-type(operands, results)
  }];
}

#endif
