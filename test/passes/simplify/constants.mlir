// RUN: hornbeam-opt %s --horn-simplify | FileCheck %s

// CHECK-LABEL: @fold
// CHECK-NEXT:  %[[C:.*]] = horn.constant dense<[4, 6]> : tensor<2xi32>
// CHECK-NEXT:  return %[[C]]
func.func @fold() -> tensor<2xi32> {
  %a = horn.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi32>
  %0 = horn.reduce_sum %a {axes = array<i64: 0>} : (tensor<2x2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// Elementwise ops of numbers that stand everywhere are computed once, and stay broadcasts.
// CHECK-LABEL: @splats
// CHECK-NEXT:  %[[C:.*]] = horn.constant dense<5.000000e+00> : tensor<f32>
// CHECK-NEXT:  %[[B:.*]] = horn.broadcast %[[C]] {axes = array<i64>, shape = array<i64: 1000, 1000>}
// CHECK-NEXT:  return %[[B]]
func.func @splats() -> tensor<1000x1000xf32> {
  %a = horn.constant dense<2.0> : tensor<1000x1000xf32>
  %three = horn.constant dense<3.0> : tensor<f32>
  %b = horn.broadcast %three {axes = array<i64>, shape = array<i64: 1000, 1000>} : (tensor<f32>) -> tensor<1000x1000xf32>
  %0 = horn.add %a, %b : (tensor<1000x1000xf32>, tensor<1000x1000xf32>) -> tensor<1000x1000xf32>
  return %0 : tensor<1000x1000xf32>
}

// A count is known; a sum that rounding could touch is not.
// CHECK-LABEL: @counts
// CHECK-DAG:   %[[C:.*]] = horn.constant dense<3.200000e+01> : tensor<f32>
// CHECK-DAG:   %[[S:.*]] = horn.reduce_sum
// CHECK:       return %[[C]], %[[S]]
func.func @counts() -> (tensor<f32>, tensor<f32>) {
  %one = horn.constant dense<1.0> : tensor<32xf32>
  %tenth = horn.constant dense<0.1> : tensor<32xf32>
  %0 = horn.reduce_sum %one {axes = array<i64: 0>} : (tensor<32xf32>) -> tensor<f32>
  %1 = horn.reduce_sum %tenth {axes = array<i64: 0>} : (tensor<32xf32>) -> tensor<f32>
  return %0, %1 : tensor<f32>, tensor<f32>
}
