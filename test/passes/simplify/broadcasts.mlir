// RUN: hornbeam-opt %s --horn-simplify | FileCheck %s

// 1 / sqrt(var + eps) is computed for each channel, not for each element.
// CHECK-LABEL: @per_channel
// CHECK-SAME:  %[[V:.*]]: tensor<8xf32>
// CHECK:       %[[EPS:.*]] = horn.broadcast %{{.*}} {axes = array<i64>, shape = array<i64: 8>}
// CHECK-NEXT:  %[[SUM:.*]] = horn.add %[[V]], %[[EPS]] : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
// CHECK-NEXT:  %[[R:.*]] = horn.rsqrt %[[SUM]]
// CHECK-NEXT:  %[[B:.*]] = horn.broadcast %[[R]] {axes = array<i64: 1>, shape = array<i64: 64, 8>}
// CHECK-NEXT:  return %[[B]]
func.func @per_channel(%var: tensor<8xf32>) -> tensor<64x8xf32> {
  %0 = horn.broadcast %var {axes = array<i64: 1>, shape = array<i64: 64, 8>} : (tensor<8xf32>) -> tensor<64x8xf32>
  %eps = horn.constant dense<0.001> : tensor<64x8xf32>
  %1 = horn.add %0, %eps : (tensor<64x8xf32>, tensor<64x8xf32>) -> tensor<64x8xf32>
  %2 = horn.rsqrt %1 : (tensor<64x8xf32>) -> tensor<64x8xf32>
  return %2 : tensor<64x8xf32>
}

// Operands that are broadcast along different axes have no smaller form.
// CHECK-LABEL: @outer
// CHECK:       %[[P:.*]] = horn.multiply
// CHECK-NEXT:  return %[[P]]
func.func @outer(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4x4xf32> {
  %0 = horn.broadcast %x {axes = array<i64: 0>, shape = array<i64: 4, 4>} : (tensor<4xf32>) -> tensor<4x4xf32>
  %1 = horn.broadcast %y {axes = array<i64: 1>, shape = array<i64: 4, 4>} : (tensor<4xf32>) -> tensor<4x4xf32>
  %2 = horn.multiply %0, %1 : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  return %2 : tensor<4x4xf32>
}
