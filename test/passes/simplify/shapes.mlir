// RUN: hornbeam-opt %s --horn-simplify | FileCheck %s

// CHECK-LABEL: @transposes
// CHECK-SAME:  %[[X:.*]]: tensor<2x3x4xf32>
// CHECK-NEXT:  %[[T:.*]] = horn.transpose %[[X]] {permutation = array<i64: 2, 0, 1>}
// CHECK-NEXT:  return %[[X]], %[[T]]
func.func @transposes(%x: tensor<2x3x4xf32>) -> (tensor<2x3x4xf32>, tensor<4x2x3xf32>) {
  %0 = horn.transpose %x {permutation = array<i64: 1, 2, 0>} : (tensor<2x3x4xf32>) -> tensor<3x4x2xf32>
  %1 = horn.transpose %0 {permutation = array<i64: 2, 0, 1>} : (tensor<3x4x2xf32>) -> tensor<2x3x4xf32>
  %2 = horn.transpose %0 {permutation = array<i64: 1, 2, 0>} : (tensor<3x4x2xf32>) -> tensor<4x2x3xf32>
  return %1, %2 : tensor<2x3x4xf32>, tensor<4x2x3xf32>
}

// CHECK-LABEL: @reshapes
// CHECK-SAME:  %[[X:.*]]: tensor<2x6xf32>, %[[U:.*]]: tensor<2x1x3xf32>
// CHECK-NEXT:  %[[V:.*]] = horn.reshape %[[U]] {shape = array<i64: 1, 3, 2>}
func.func @reshapes(%x: tensor<2x6xf32>, %u: tensor<2x1x3xf32>) -> (tensor<2x6xf32>, tensor<1x3x2xf32>, tensor<1x2x3xf32>) {
  %0 = horn.reshape %x {shape = array<i64: 12>} : (tensor<2x6xf32>) -> tensor<12xf32>
  %1 = horn.reshape %0 {shape = array<i64: 2, 6>} : (tensor<12xf32>) -> tensor<2x6xf32>
  %2 = horn.reshape %u {shape = array<i64: 6>} : (tensor<2x1x3xf32>) -> tensor<6xf32>
  %3 = horn.reshape %2 {shape = array<i64: 1, 3, 2>} : (tensor<6xf32>) -> tensor<1x3x2xf32>
  // Only an axis of size 1 moves: no transpose.
  // CHECK-NEXT: %[[W:.*]] = horn.reshape %[[U]] {shape = array<i64: 1, 2, 3>}
  // CHECK-NEXT: return %[[X]], %[[V]], %[[W]]
  %4 = horn.transpose %u {permutation = array<i64: 1, 0, 2>} : (tensor<2x1x3xf32>) -> tensor<1x2x3xf32>
  return %1, %3, %4 : tensor<2x6xf32>, tensor<1x3x2xf32>, tensor<1x2x3xf32>
}

// CHECK-LABEL: @broadcasts
// CHECK-SAME:  %[[X:.*]]: tensor<3xf32>
// CHECK-NEXT:  %[[A:.*]] = horn.broadcast %[[X]] {axes = array<i64: 1>, shape = array<i64: 2, 3, 4>}
// CHECK-NEXT:  %[[B:.*]] = horn.broadcast %[[X]] {axes = array<i64: 1>, shape = array<i64: 2, 3>}
// CHECK-NEXT:  %[[C:.*]] = horn.broadcast %[[X]] {axes = array<i64: 0>, shape = array<i64: 3, 2>}
// CHECK-NEXT:  return %[[A]], %[[B]], %[[C]]
func.func @broadcasts(%x: tensor<3xf32>) -> (tensor<2x3x4xf32>, tensor<2x3xf32>, tensor<3x2xf32>) {
  %0 = horn.broadcast %x {axes = array<i64: 0>, shape = array<i64: 3, 4>} : (tensor<3xf32>) -> tensor<3x4xf32>
  %1 = horn.broadcast %0 {axes = array<i64: 1, 2>, shape = array<i64: 2, 3, 4>} : (tensor<3x4xf32>) -> tensor<2x3x4xf32>
  %2 = horn.reshape %x {shape = array<i64: 1, 3>} : (tensor<3xf32>) -> tensor<1x3xf32>
  %3 = horn.broadcast %2 {axes = array<i64: 0, 1>, shape = array<i64: 2, 3>} : (tensor<1x3xf32>) -> tensor<2x3xf32>
  %4 = horn.transpose %3 {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return %1, %3, %4 : tensor<2x3x4xf32>, tensor<2x3xf32>, tensor<3x2xf32>
}

// CHECK-LABEL: @slices
// CHECK-SAME:  %[[X:.*]]: tensor<12xf32>
// CHECK-NEXT:  %[[S:.*]] = horn.slice %[[X]] {limit = array<i64: 9>, start = array<i64: 4>, strides = array<i64: 4>}
// CHECK-NEXT:  return %[[X]], %[[S]], %[[X]]
func.func @slices(%x: tensor<12xf32>) -> (tensor<12xf32>, tensor<2xf32>, tensor<12xf32>) {
  %0 = horn.slice %x {start = array<i64: 0>, limit = array<i64: 12>, strides = array<i64: 1>} : (tensor<12xf32>) -> tensor<12xf32>
  %1 = horn.slice %x {start = array<i64: 2>, limit = array<i64: 12>, strides = array<i64: 2>} : (tensor<12xf32>) -> tensor<5xf32>
  %2 = horn.slice %1 {start = array<i64: 1>, limit = array<i64: 5>, strides = array<i64: 2>} : (tensor<5xf32>) -> tensor<2xf32>
  %zero = horn.constant dense<0.0> : tensor<f32>
  %3 = horn.pad %x, %zero {low = array<i64: 1>, high = array<i64: 2>} : (tensor<12xf32>, tensor<f32>) -> tensor<15xf32>
  %4 = horn.slice %3 {start = array<i64: 1>, limit = array<i64: 13>, strides = array<i64: 1>} : (tensor<15xf32>) -> tensor<12xf32>
  return %0, %2, %4 : tensor<12xf32>, tensor<2xf32>, tensor<12xf32>
}

// CHECK-LABEL: @reductions
// CHECK-SAME:  %[[X:.*]]: tensor<2x1x3xf32>
// CHECK-NEXT:  %[[R:.*]] = horn.reshape %[[X]] {shape = array<i64: 2, 3>}
// CHECK-NEXT:  return %[[R]], %[[X]]
func.func @reductions(%x: tensor<2x1x3xf32>) -> (tensor<2x3xf32>, tensor<2x1x3xf32>) {
  %0 = horn.reduce_sum %x {axes = array<i64: 1>} : (tensor<2x1x3xf32>) -> tensor<2x3xf32>
  %1 = horn.reduce_max %x {axes = array<i64>} : (tensor<2x1x3xf32>) -> tensor<2x1x3xf32>
  return %0, %1 : tensor<2x3xf32>, tensor<2x1x3xf32>
}

// CHECK-LABEL: @others
// CHECK-SAME:  %[[X:.*]]: tensor<2x3xf32>, %[[E:.*]]: tensor<0x3xf32>
// CHECK-NEXT:  return %[[X]], %[[X]], %[[X]]
func.func @others(%x: tensor<2x3xf32>, %e: tensor<0x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>) {
  %0 = horn.reverse %x {axes = array<i64: 0>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = horn.reverse %0 {axes = array<i64: 0>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = horn.concat %x, %e {axis = 0 : i64} : (tensor<2x3xf32>, tensor<0x3xf32>) -> tensor<2x3xf32>
  %zero = horn.constant dense<0.0> : tensor<f32>
  %3 = horn.pad %x, %zero {low = array<i64: 0, 0>, high = array<i64: 0, 0>} : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1, %2, %3 : tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>
}
