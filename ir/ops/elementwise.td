// Elementwise ops: equal shapes in, the same shape out.
#ifndef HORNBEAM_IR_OPS_ELEMENTWISE
#define HORNBEAM_IR_OPS_ELEMENTWISE

class Horn_ElementwiseOp<string mnemonic, list<Trait> traits = []>
    : Horn_Op<mnemonic, traits # [DeclareOpInterfaceMethods<ElementwiseOpInterface>]> {
  let results = (outs Horn_Tensor:$result);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}

// `accepts` is a Kind of ir/ops/infer.h; `returns` is the result's type: that of the operands, or bool.
class Horn_InferredElementwiseOp<string mnemonic, string accepts, string returns, list<Trait> traits = []>
    : Horn_ElementwiseOp<mnemonic, traits> {
  let extraClassDefinition = [{
    ::llvm::LogicalResult $cppClass::inferReturnTypes(::mlir::MLIRContext*, ::std::optional<::mlir::Location> location,
                                                      Adaptor adaptor, ::llvm::SmallVectorImpl<::mlir::Type>& types) {
      return infer_elementwise(location, "}] # mnemonic # [{", adaptor.getOperands(), Kind::}] # accepts # [{,
                               Returns::}] # returns # [{, types);
    }
  }];
}

class Horn_UnaryOp<string mnemonic, string accepts, string what, list<Trait> traits = []>
    : Horn_InferredElementwiseOp<mnemonic, accepts, "same", traits> {
  let summary = what;
  let arguments = (ins Horn_Tensor:$x);
}
class Horn_PredicateOp<string mnemonic, string what>
    : Horn_InferredElementwiseOp<mnemonic, "number", "boolean"> {
  let summary = what;
  let arguments = (ins Horn_Tensor:$x);
}
class Horn_BinaryOp<string mnemonic, string accepts, string what, list<Trait> traits = []>
    : Horn_InferredElementwiseOp<mnemonic, accepts, "same", traits> {
  let summary = what;
  let arguments = (ins Horn_Tensor:$x, Horn_Tensor:$y);
}
class Horn_CompareOp<string mnemonic, string what>
    : Horn_InferredElementwiseOp<mnemonic, "any", "boolean"> {
  let summary = what;
  let arguments = (ins Horn_Tensor:$x, Horn_Tensor:$y);
}

defvar Diff = [DeclareOpInterfaceMethods<DifferentiableOpInterface>];

def Horn_NegativeOp : Horn_UnaryOp<"negative", "number", "-x", Diff>;
def Horn_AbsOp : Horn_UnaryOp<"abs", "number", "|x|; derivative 0 at 0", Diff>;
def Horn_SignOp : Horn_UnaryOp<"sign", "number", "-1, 0 or 1; NaN of NaN", Diff>;
def Horn_ExpOp : Horn_UnaryOp<"exp", "floating", "e^x", Diff>;
def Horn_Expm1Op : Horn_UnaryOp<"expm1", "floating", "e^x - 1, exact near 0", Diff>;
def Horn_LogOp : Horn_UnaryOp<"log", "floating", "natural logarithm", Diff>;
def Horn_Log1pOp : Horn_UnaryOp<"log1p", "floating", "log(1 + x), exact near 0", Diff>;
def Horn_SqrtOp : Horn_UnaryOp<"sqrt", "floating", "square root", Diff>;
def Horn_RsqrtOp : Horn_UnaryOp<"rsqrt", "floating", "1 / sqrt(x)", Diff>;
def Horn_SinOp : Horn_UnaryOp<"sin", "floating", "sine", Diff>;
def Horn_CosOp : Horn_UnaryOp<"cos", "floating", "cosine", Diff>;
def Horn_TanOp : Horn_UnaryOp<"tan", "floating", "tangent", Diff>;
def Horn_TanhOp : Horn_UnaryOp<"tanh", "floating", "hyperbolic tangent", Diff>;
def Horn_AtanOp : Horn_UnaryOp<"atan", "floating", "arc tangent", Diff>;
def Horn_ErfOp : Horn_UnaryOp<"erf", "floating", "error function", Diff>;
def Horn_ErfcOp : Horn_UnaryOp<"erfc", "floating", "1 - erf(x), exact where that is small", Diff>;
def Horn_ErfinvOp : Horn_UnaryOp<"erfinv", "floating", "inverse of erf; NaN beyond [-1, 1]", Diff>;
def Horn_FloorOp : Horn_UnaryOp<"floor", "floating", "largest integer <= x", Diff>;
def Horn_CeilOp : Horn_UnaryOp<"ceil", "floating", "smallest integer >= x", Diff>;
def Horn_RoundOp : Horn_UnaryOp<"round", "floating", "nearest integer, halves to even", Diff>;
def Horn_SigmoidOp : Horn_UnaryOp<"sigmoid", "floating", "1 / (1 + exp(-x))", Diff>;
def Horn_ReluOp : Horn_UnaryOp<"relu", "number", "max(x, 0); NaN of NaN; derivative 0 at 0", Diff>;
def Horn_LogicalNotOp : Horn_UnaryOp<"logical_not", "boolean", "not x">;
def Horn_StopGradientOp : Horn_UnaryOp<"stop_gradient", "any", "x, a constant to differentiation", Diff>;

def Horn_IsNanOp : Horn_PredicateOp<"is_nan", "x is NaN">;
def Horn_IsFiniteOp : Horn_PredicateOp<"is_finite", "x is neither NaN nor infinite">;
def Horn_IsInfOp : Horn_PredicateOp<"is_inf", "x is infinite">;

def Horn_CastOp : Horn_ElementwiseOp<"cast", Diff> {
  let summary = "x in another dtype: floats to integers truncate, anything to bool is != 0";
  let arguments = (ins Horn_Tensor:$x, TypeAttr:$dtype);
}

def Horn_AddOp : Horn_BinaryOp<"add", "number", "x + y", Diff # [Commutative]>;
def Horn_SubtractOp : Horn_BinaryOp<"subtract", "number", "x - y", Diff>;
def Horn_MultiplyOp : Horn_BinaryOp<"multiply", "number", "x * y", Diff # [Commutative]>;
def Horn_DivideOp : Horn_BinaryOp<"divide", "floating", "x / y", Diff>;
def Horn_PowerOp : Horn_BinaryOp<"power", "number", "x^y; derivative by y is 0 where x <= 0", Diff>;
def Horn_MaximumOp : Horn_BinaryOp<"maximum", "number", "the larger; NaN if one is; ties halve the gradient",
                                   Diff # [Commutative]>;
def Horn_MinimumOp : Horn_BinaryOp<"minimum", "number", "the smaller; NaN if one is; ties halve the gradient",
                                   Diff # [Commutative]>;
def Horn_RemainderOp : Horn_BinaryOp<"remainder", "number",
                                     "x - floor(x / y) * y, with y's sign; 0 for an integer y of 0", Diff>;
def Horn_FloorDivideOp : Horn_BinaryOp<"floor_divide", "number", "floor(x / y); 0 for an integer y of 0", Diff>;
def Horn_Atan2Op : Horn_BinaryOp<"atan2", "floating", "angle of the point (y, x): operands in this order, in [-pi, pi]", Diff>;
def Horn_LogicalAndOp : Horn_BinaryOp<"logical_and", "boolean", "x and y", [Commutative]>;
def Horn_LogicalOrOp : Horn_BinaryOp<"logical_or", "boolean", "x or y", [Commutative]>;
def Horn_LogicalXorOp : Horn_BinaryOp<"logical_xor", "boolean", "x xor y", [Commutative]>;

def Horn_EqualOp : Horn_CompareOp<"equal", "x = y">;
def Horn_NotEqualOp : Horn_CompareOp<"not_equal", "x != y; true if one is NaN">;
def Horn_LessOp : Horn_CompareOp<"less", "x < y">;
def Horn_LessEqualOp : Horn_CompareOp<"less_equal", "x <= y">;
def Horn_GreaterOp : Horn_CompareOp<"greater", "x > y">;
def Horn_GreaterEqualOp : Horn_CompareOp<"greater_equal", "x >= y">;

def Horn_SelectOp : Horn_ElementwiseOp<"select", Diff> {
  let summary = "a where pred holds, else b";
  let arguments = (ins Horn_Tensor:$pred, Horn_Tensor:$a, Horn_Tensor:$b);
}

#endif
