// Reductions: the reduced axes are removed.
#ifndef HORNBEAM_IR_OPS_REDUCE
#define HORNBEAM_IR_OPS_REDUCE

class Horn_ReduceOp<string mnemonic, string accepts, string what>
    : Horn_Op<mnemonic, [DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = what;
  let arguments = (ins Horn_Tensor:$x, DenseI64ArrayAttr:$axes);
  let results = (outs Horn_Tensor:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let extraClassDefinition = [{
    ::llvm::LogicalResult $cppClass::inferReturnTypes(::mlir::MLIRContext*, ::std::optional<::mlir::Location> location,
                                                      Adaptor adaptor, ::llvm::SmallVectorImpl<::mlir::Type>& types) {
      return infer_reduce(location, "}] # mnemonic # [{", adaptor.getX(), adaptor.getAxes(), Kind::}] # accepts # [{, types);
    }
  }];
}
def Horn_ReduceSumOp : Horn_ReduceOp<"reduce_sum", "number", "sum; 0 of nothing">;
def Horn_ReduceMaxOp : Horn_ReduceOp<"reduce_max", "any", "largest, NaN if one is; of bools: any; ties share the gradient">;
def Horn_ReduceMinOp : Horn_ReduceOp<"reduce_min", "any", "smallest, NaN if one is; of bools: all; ties share the gradient">;
def Horn_ReduceProdOp : Horn_ReduceOp<"reduce_prod", "number", "product; 1 of nothing">;

class Horn_ArgReduceOp<string mnemonic, string what> : Horn_Op<mnemonic> {
  let summary = what;
  let arguments = (ins Horn_Tensor:$x, I64Attr:$axis);
  let results = (outs Horn_Tensor:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let extraClassDefinition = [{
    ::llvm::LogicalResult $cppClass::inferReturnTypes(::mlir::MLIRContext*, ::std::optional<::mlir::Location> location,
                                                      Adaptor adaptor, ::llvm::SmallVectorImpl<::mlir::Type>& types) {
      return infer_arg_reduce(location, "}] # mnemonic # [{", adaptor.getX(), adaptor.getAxis(), types);
    }
  }];
}
def Horn_ArgmaxOp : Horn_ArgReduceOp<"argmax", "int32 index of the first largest element; of the first NaN if there is one">;
def Horn_ArgminOp : Horn_ArgReduceOp<"argmin", "int32 index of the first smallest element; of the first NaN if there is one">;

#endif
