// RUN: hornbeam-opt %s --horn-expand-gradients --horn-simplify | FileCheck %s

// The gradient of a loop is a loop the other way. The first loop now also gives what the second needs: tanh's results, and
// the carried values that went into the products. The weight is turned round once, in front of the second; its gradient is
// one product over all steps, behind the loops.
// CHECK-LABEL: @rnn
// CHECK-SAME:  %[[X:.*]]: tensor<5x2x3xf32>, %[[H0:.*]]: tensor<2x3xf32>, %[[W:.*]]: tensor<3x3xf32>
// CHECK:       %[[F:.*]]:3 = horn.scan init(%[[H0]]) xs(%[[X]]) invariants(%[[W]]) {
// CHECK-NEXT:  ^bb0(%[[H:.*]]: tensor<2x3xf32>, %[[XT:.*]]: tensor<2x3xf32>, %[[U:.*]]: tensor<3x3xf32>):
// CHECK:         %[[T:.*]] = horn.tanh
// CHECK-NEXT:    horn.yield %[[T]], %[[T]], %[[H]]
// CHECK-NEXT:  } {length = 5 : i64}
// CHECK:       %[[WT:.*]] = horn.transpose %[[W]] {permutation = array<i64: 1, 0>}
// CHECK:       %[[B:.*]]:2 = horn.scan init(%{{.*}}) xs(%[[F]]#1) invariants(%[[WT]])
// CHECK:         %[[SLOPE:.*]] = horn.subtract
// CHECK-NEXT:    %[[DZ:.*]] = horn.multiply %{{.*}}, %[[SLOPE]]
// CHECK-NEXT:    %[[DH:.*]] = horn.dot %[[DZ]], %{{.*}} {lhs_batch = array<i64>, lhs_contract = array<i64: 1>, rhs_batch = array<i64>, rhs_contract = array<i64: 0>}
// CHECK-NEXT:    horn.yield %[[DH]], %[[DZ]]
// CHECK-NEXT:  } {length = 5 : i64, reverse}
// CHECK:       horn.dot %[[F]]#2, %[[B]]#1 {lhs_batch = array<i64>, lhs_contract = array<i64: 0, 1>, rhs_batch = array<i64>, rhs_contract = array<i64: 0, 1>}
// CHECK-NOT:   horn.scan
func.func @rnn(%x: tensor<5x2x3xf32>, %h0: tensor<2x3xf32>, %w: tensor<3x3xf32>) -> (tensor<f32>, tensor<3x3xf32>) {
  %0:2 = horn.gradient wrt(%w) {
    %1 = horn.scan init(%h0) xs(%x) invariants(%w) {
    ^bb0(%h: tensor<2x3xf32>, %xt: tensor<2x3xf32>, %u: tensor<3x3xf32>):
      %2 = horn.dot %h, %u {lhs_contract = array<i64: 1>, rhs_contract = array<i64: 0>, lhs_batch = array<i64>, rhs_batch = array<i64>} : (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<2x3xf32>
      %3 = horn.add %2, %xt : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
      %4 = horn.tanh %3 : (tensor<2x3xf32>) -> tensor<2x3xf32>
      horn.yield %4 : tensor<2x3xf32>
    } {length = 5 : i64} : (tensor<2x3xf32>, tensor<5x2x3xf32>, tensor<3x3xf32>) -> tensor<2x3xf32>
    %5 = horn.reduce_sum %1 {axes = array<i64: 0, 1>} : (tensor<2x3xf32>) -> tensor<f32>
    horn.yield %5 : tensor<f32>
  } : (tensor<3x3xf32>) -> (tensor<f32>, tensor<3x3xf32>)
  return %0#0, %0#1 : tensor<f32>, tensor<3x3xf32>
}
