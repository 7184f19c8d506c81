// RUN: hornbeam-opt %s --horn-simplify | FileCheck %s

// A transposed operand is contracted along its other axis.
// CHECK-LABEL: @operand
// CHECK-SAME:  %[[X:.*]]: tensor<3x4xf32>, %[[Y:.*]]: tensor<3x5xf32>
// CHECK-NEXT:  %[[D:.*]] = horn.dot %[[X]], %[[Y]] {lhs_batch = array<i64>, lhs_contract = array<i64: 0>, rhs_batch = array<i64>, rhs_contract = array<i64: 0>}
// CHECK-NEXT:  return %[[D]]
func.func @operand(%x: tensor<3x4xf32>, %y: tensor<3x5xf32>) -> tensor<4x5xf32> {
  %0 = horn.transpose %x {permutation = array<i64: 1, 0>} : (tensor<3x4xf32>) -> tensor<4x3xf32>
  %1 = horn.dot %0, %y {lhs_contract = array<i64: 1>, rhs_contract = array<i64: 0>, lhs_batch = array<i64>, rhs_batch = array<i64>} : (tensor<4x3xf32>, tensor<3x5xf32>) -> tensor<4x5xf32>
  return %1 : tensor<4x5xf32>
}

// A transposed product is the product with its sides exchanged.
// CHECK-LABEL: @result
// CHECK-SAME:  %[[X:.*]]: tensor<4x3xf32>, %[[Y:.*]]: tensor<3x5xf32>
// CHECK-NEXT:  %[[D:.*]] = horn.dot %[[Y]], %[[X]] {lhs_batch = array<i64>, lhs_contract = array<i64: 0>, rhs_batch = array<i64>, rhs_contract = array<i64: 1>}
// CHECK-NEXT:  return %[[D]]
func.func @result(%x: tensor<4x3xf32>, %y: tensor<3x5xf32>) -> tensor<5x4xf32> {
  %0 = horn.dot %x, %y {lhs_contract = array<i64: 1>, rhs_contract = array<i64: 0>, lhs_batch = array<i64>, rhs_batch = array<i64>} : (tensor<4x3xf32>, tensor<3x5xf32>) -> tensor<4x5xf32>
  %1 = horn.transpose %0 {permutation = array<i64: 1, 0>} : (tensor<4x5xf32>) -> tensor<5x4xf32>
  return %1 : tensor<5x4xf32>
}

// A transpose that brings the batch axis to the front stays.
// CHECK-LABEL: @batch
// CHECK:       horn.transpose
func.func @batch(%x: tensor<2x5x3xf32>, %y: tensor<3x5x4xf32>) -> tensor<5x2x4xf32> {
  %0 = horn.transpose %x {permutation = array<i64: 1, 0, 2>} : (tensor<2x5x3xf32>) -> tensor<5x2x3xf32>
  %1 = horn.dot %0, %y {lhs_contract = array<i64: 2>, rhs_contract = array<i64: 0>, lhs_batch = array<i64: 0>, rhs_batch = array<i64: 1>} : (tensor<5x2x3xf32>, tensor<3x5x4xf32>) -> tensor<5x2x4xf32>
  return %1 : tensor<5x2x4xf32>
}

// Free axes that change their order need their transpose.
// CHECK-LABEL: @order
// CHECK:       horn.transpose
func.func @order(%x: tensor<2x4x3xf32>, %y: tensor<3x5xf32>) -> tensor<4x2x5xf32> {
  %0 = horn.transpose %x {permutation = array<i64: 1, 0, 2>} : (tensor<2x4x3xf32>) -> tensor<4x2x3xf32>
  %1 = horn.dot %0, %y {lhs_contract = array<i64: 2>, rhs_contract = array<i64: 0>, lhs_batch = array<i64>, rhs_batch = array<i64>} : (tensor<4x2x3xf32>, tensor<3x5xf32>) -> tensor<4x2x5xf32>
  return %1 : tensor<4x2x5xf32>
}
