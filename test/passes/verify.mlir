// RUN: hornbeam-opt %s --split-input-file --verify-diagnostics

// Ops are checked when they are parsed, with the texts that the builder gives.
func.func @shapes(%x: tensor<2xf32>, %y: tensor<3xf32>) {
  // expected-error@+2 {{horn.add: operands must have equal shapes. Received: (2,) and (3,)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = horn.add %x, %y : (tensor<2xf32>, tensor<3xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @result(%x: tensor<2xf32>) {
  // expected-error@+2 {{incompatible with return type}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = horn.exp %x : (tensor<2xf32>) -> tensor<3xf32>
  return
}

// -----

func.func @scalar(%x: tensor<2xf32>) {
  // expected-error@+1 {{the value to differentiate must be a float scalar. Received: shape=(2,)}}
  %0:2 = horn.gradient wrt(%x) {
    horn.yield %x : tensor<2xf32>
  } : (tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>)
  return
}

// -----

func.func @results(%x: tensor<f32>) {
  // expected-error@+1 {{the results must be what the region yields, then one value of each wrt's type}}
  %0 = horn.gradient wrt(%x) {
    horn.yield %x : tensor<f32>
  } : (tensor<f32>) -> tensor<f32>
  return
}
