// Differentiation as an op; passes/autodiff expands it.
#ifndef HORNBEAM_IR_OPS_GRADIENT
#define HORNBEAM_IR_OPS_GRADIENT

def Horn_GradientOp : Op<Horn_Dialect, "gradient", [SingleBlock, RecursiveMemoryEffects]> {
  let summary = "the value of a region, and its derivatives by values from outside";
  let description = [{
    The region yields a float scalar, then aux values. Results: the scalar, the aux values, and for each `wrt` the
    derivative of the scalar by the uses of that value inside the region, of its type (zeros where there are none).
    Other values from outside are constants.

        %loss, %dw = horn.gradient wrt(%w) {
          %0 = horn.dot %x, %w …
          horn.yield %2 : tensor<f32>
        } : (tensor<3x2xf32>) -> (tensor<f32>, tensor<3x2xf32>)
  }];
  let arguments = (ins Variadic<Horn_Tensor>:$wrt);
  let results = (outs Variadic<Horn_Tensor>:$outputs);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "`wrt` `(` $wrt `)` $body attr-dict `:` functional-type($wrt, results)";
  let hasRegionVerifier = 1;
}

def Horn_YieldOp : Op<Horn_Dialect, "yield", [Pure, Terminator, ParentOneOf<["::hornbeam::horn::GradientOp",
    "::hornbeam::horn::ScanOp", "::hornbeam::horn::CondOp", "::hornbeam::horn::WhileOp", "::hornbeam::horn::RematOp",
    "::hornbeam::horn::CustomGradientOp"]>]> {
  let summary = "ends a region of a horn op";
  let arguments = (ins Variadic<Horn_Tensor>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

#endif
