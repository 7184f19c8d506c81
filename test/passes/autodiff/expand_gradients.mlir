// RUN: hornbeam-opt %s --horn-expand-gradients --split-input-file --verify-diagnostics | FileCheck %s

// The region's ops stay, the vjps follow in reverse order, and nothing is left of the gradient by x, which nobody asked for.
// CHECK-LABEL: @dense
// CHECK-SAME:  %[[X:.*]]: tensor<4x3xf64>, %[[W:.*]]: tensor<3x2xf64>
// CHECK:       %[[Y:.*]] = horn.dot %[[X]], %[[W]]
// CHECK:       %[[T:.*]] = horn.tanh %[[Y]]
// CHECK:       %[[SUM:.*]] = horn.reduce_sum %[[T]]
// CHECK:       %[[ONE:.*]] = horn.constant dense<1.0{{.*}}> : tensor<f64>
// CHECK:       %[[G:.*]] = horn.broadcast %[[ONE]] {axes = array<i64>, shape = array<i64: 4, 2>}
// CHECK:       %[[SLOPE:.*]] = horn.subtract
// CHECK:       %[[DY:.*]] = horn.multiply %[[G]], %[[SLOPE]]
// CHECK-NEXT:  %[[DW:.*]] = horn.dot %[[X]], %[[DY]] {lhs_batch = array<i64>, lhs_contract = array<i64: 0>, rhs_batch = array<i64>, rhs_contract = array<i64: 0>}
// CHECK-NEXT:  return %[[SUM]], %[[DW]]
func.func @dense(%x: tensor<4x3xf64>, %w: tensor<3x2xf64>) -> (tensor<f64>, tensor<3x2xf64>) {
  %0:2 = horn.gradient wrt(%w) {
    %1 = horn.dot %x, %w {lhs_contract = array<i64: 1>, rhs_contract = array<i64: 0>, lhs_batch = array<i64>, rhs_batch = array<i64>} : (tensor<4x3xf64>, tensor<3x2xf64>) -> tensor<4x2xf64>
    %2 = horn.tanh %1 : (tensor<4x2xf64>) -> tensor<4x2xf64>
    %3 = horn.reduce_sum %2 {axes = array<i64: 0, 1>} : (tensor<4x2xf64>) -> tensor<f64>
    horn.yield %3 : tensor<f64>
  } : (tensor<3x2xf64>) -> (tensor<f64>, tensor<3x2xf64>)
  return %0#0, %0#1 : tensor<f64>, tensor<3x2xf64>
}

// -----

// Several uses: their cotangents are added. Aux values come out as they are.
// CHECK-LABEL: @uses
// CHECK-SAME:  %[[X:.*]]: tensor<f32>
// CHECK:       %[[E:.*]] = horn.exp %[[X]]
// CHECK:       %[[Y:.*]] = horn.multiply %[[E]], %[[X]]
// CHECK:       %[[ONE:.*]] = horn.constant dense<1.0{{.*}}> : tensor<f32>
// CHECK:       %[[DE:.*]] = horn.multiply %[[ONE]], %[[X]]
// CHECK:       %[[DX:.*]] = horn.multiply %[[ONE]], %[[E]]
// CHECK:       %[[THROUGH:.*]] = horn.multiply %[[DE]], %[[E]]
// CHECK:       %[[SUM:.*]] = horn.add %[[DX]], %[[THROUGH]]
// CHECK:       return %[[E]], %[[SUM]]
func.func @uses(%x: tensor<f32>) -> (tensor<f32>, tensor<f32>) {
  %0:3 = horn.gradient wrt(%x) {
    %1 = horn.exp %x : (tensor<f32>) -> tensor<f32>
    %2 = horn.multiply %1, %x : (tensor<f32>, tensor<f32>) -> tensor<f32>
    horn.yield %2, %1 : tensor<f32>, tensor<f32>
  } : (tensor<f32>) -> (tensor<f32>, tensor<f32>, tensor<f32>)
  return %0#1, %0#2 : tensor<f32>, tensor<f32>
}

// -----

// No path, none but through stop_gradient, and none but through integers: zeros, and no op of a derivative.
// CHECK-LABEL: @no_path
// CHECK-NOT:   horn.multiply
// CHECK:       horn.stop_gradient
// CHECK:       %[[A:.*]] = horn.constant dense<0.0{{.*}}> : tensor<f32>
// CHECK:       %[[B:.*]] = horn.constant dense<0.0{{.*}}> : tensor<f32>
// CHECK:       %[[ZEROS:.*]] = horn.broadcast %[[B]] {axes = array<i64>, shape = array<i64: 2>}
// CHECK:       return %[[A]], %[[ZEROS]]
func.func @no_path(%x: tensor<f32>, %y: tensor<2xf32>) -> (tensor<f32>, tensor<2xf32>) {
  %0:3 = horn.gradient wrt(%x, %y) {
    %1 = horn.stop_gradient %x : (tensor<f32>) -> tensor<f32>
    %2 = horn.cast %x {dtype = i32} : (tensor<f32>) -> tensor<i32>
    %3 = horn.cast %2 {dtype = f32} : (tensor<i32>) -> tensor<f32>
    %4 = horn.add %1, %3 : (tensor<f32>, tensor<f32>) -> tensor<f32>
    horn.yield %4 : tensor<f32>
  } : (tensor<f32>, tensor<2xf32>) -> (tensor<f32>, tensor<f32>, tensor<2xf32>)
  return %0#1, %0#2 : tensor<f32>, tensor<2xf32>
}

// -----

// The inner gradient is expanded first; the outer one differentiates what came of it. d²/dx² sin x = -sin x.
// CHECK-LABEL: @nested
// CHECK-SAME:  %[[X:.*]]: tensor<f32>
// CHECK-NOT:   horn.gradient
// CHECK:       horn.sin %[[X]]
// CHECK:       horn.cos %[[X]]
// CHECK:       %[[S:.*]] = horn.sin %[[X]]
// CHECK:       %[[P:.*]] = horn.multiply {{.*}}, %[[S]]
// CHECK:       %[[N:.*]] = horn.negative %[[P]]
// CHECK:       return %[[N]]
func.func @nested(%x: tensor<f32>) -> tensor<f32> {
  %0:2 = horn.gradient wrt(%x) {
    %1:2 = horn.gradient wrt(%x) {
      %2 = horn.sin %x : (tensor<f32>) -> tensor<f32>
      horn.yield %2 : tensor<f32>
    } : (tensor<f32>) -> (tensor<f32>, tensor<f32>)
    horn.yield %1#1 : tensor<f32>
  } : (tensor<f32>) -> (tensor<f32>, tensor<f32>)
  return %0#1 : tensor<f32>
}

// -----

// A value from outside that is not in wrt is a constant, though it depends on wrt out there.
// CHECK-LABEL: @outside
// CHECK-SAME:  %[[X:.*]]: tensor<f32>
// CHECK:       %[[E:.*]] = horn.exp %[[X]]
// CHECK:       horn.multiply %[[X]], %[[E]]
// CHECK:       %[[ONE:.*]] = horn.constant
// CHECK:       %[[DX:.*]] = horn.multiply %[[ONE]], %[[E]]
// CHECK-NEXT:  return %[[DX]]
func.func @outside(%x: tensor<f32>) -> tensor<f32> {
  %e = horn.exp %x : (tensor<f32>) -> tensor<f32>
  %0:2 = horn.gradient wrt(%x) {
    %1 = horn.multiply %x, %e : (tensor<f32>, tensor<f32>) -> tensor<f32>
    horn.yield %1 : tensor<f32>
  } : (tensor<f32>) -> (tensor<f32>, tensor<f32>)
  return %0#1 : tensor<f32>
}
