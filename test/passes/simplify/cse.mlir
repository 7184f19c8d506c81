// RUN: hornbeam-opt %s --horn-simplify --split-input-file | FileCheck %s
// RUN: hornbeam-opt %s --cse --split-input-file | FileCheck %s --check-prefix=CSE
// RUN: hornbeam-opt %s --canonicalize --split-input-file | FileCheck %s --check-prefix=CANON

// Equal ops become one, also where their operands are equal only after that; what nobody reads goes.
// CHECK-LABEL: @merged
// CHECK-SAME:  %[[X:.*]]: tensor<4xf32>
// CHECK-NEXT:  %[[E:.*]] = horn.exp %[[X]]
// CHECK-NEXT:  %[[S:.*]] = horn.sqrt %[[E]]
// CHECK-NEXT:  return %[[S]], %[[S]]
// CSE-LABEL:   @merged
// CSE-NEXT:    horn.exp
// CSE-NEXT:    %[[S:.*]] = horn.sqrt
// CSE-NEXT:    return %[[S]], %[[S]]
// CANON-LABEL: @merged
// CANON-COUNT-2: horn.exp
// CANON-NOT:   horn.log
func.func @merged(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = horn.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = horn.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  %2 = horn.sqrt %0 : (tensor<4xf32>) -> tensor<4xf32>
  %3 = horn.sqrt %1 : (tensor<4xf32>) -> tensor<4xf32>
  %dead = horn.log %x : (tensor<4xf32>) -> tensor<4xf32>
  return %2, %3 : tensor<4xf32>, tensor<4xf32>
}

// -----

// Ops that differ in an attribute stay apart.
// CHECK-LABEL: @apart
// CHECK-COUNT-2: horn.reduce_sum
// CSE-LABEL:   @apart
// CSE-COUNT-2: horn.reduce_sum
func.func @apart(%x: tensor<4x4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = horn.reduce_sum %x {axes = array<i64: 0>} : (tensor<4x4xf32>) -> tensor<4xf32>
  %1 = horn.reduce_sum %x {axes = array<i64: 1>} : (tensor<4x4xf32>) -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}
