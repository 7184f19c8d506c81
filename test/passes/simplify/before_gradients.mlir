// RUN: hornbeam-opt %s --horn-simplify | FileCheck %s

// While there is something to differentiate, stop_gradient stays.
// CHECK-LABEL: @f
// CHECK:       horn.stop_gradient
func.func @f(%x: tensor<f32>) -> tensor<f32> {
  %0:2 = horn.gradient wrt(%x) {
    %1 = horn.stop_gradient %x : (tensor<f32>) -> tensor<f32>
    %2 = horn.multiply %1, %x : (tensor<f32>, tensor<f32>) -> tensor<f32>
    horn.yield %2 : tensor<f32>
  } : (tensor<f32>) -> (tensor<f32>, tensor<f32>)
  return %0#1 : tensor<f32>
}
