// RUN: hornbeam-opt %s -horn-fuse -horn-schedule --split-input-file | FileCheck %s

// The body of a loop has groups and an order of its own; a carried value is replaced in place where nothing needs the
// old one afterwards.
// CHECK-LABEL: @carried
// CHECK:       horn.scan
// CHECK:         horn.add {{.*}}{horn.group = 0 : i64}
// CHECK-NEXT:    horn.tanh {{.*}}{horn.group = 0 : i64}
// CHECK-NEXT:    horn.yield %{{.*}} : tensor<4xf32> {horn.in_place = array<i64: 0>}
// CHECK-NEXT:  } {horn.group = 0 : i64, length = 3 : i64}
func.func @carried(%h: tensor<4xf32> {horn.role = "state", horn.name = "h"}, %x: tensor<3x4xf32> {horn.role = "batch", horn.name = "x"})
    -> (tensor<4xf32> {horn.role = "state", horn.name = "h"}) {
  %0 = horn.scan init(%h) xs(%x) invariants() {
  ^bb0(%c: tensor<4xf32>, %s: tensor<4xf32>):
    %1 = horn.add %c, %s : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %2 = horn.tanh %1 : (tensor<4xf32>) -> tensor<4xf32>
    horn.yield %2 : tensor<4xf32>
  } {length = 3 : i64} : (tensor<4xf32>, tensor<3x4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// Here each new element needs all old ones: a product of the carried value with a matrix goes to scratch.
// CHECK-LABEL: @product
// CHECK:         horn.dot {{.*}}horn.group = 0 : i64
// CHECK:         horn.yield %{{[0-9]+}} : tensor<4x4xf32>{{$}}
func.func @product(%h: tensor<4x4xf32> {horn.role = "state", horn.name = "h"}, %x: tensor<3x4x4xf32> {horn.role = "batch", horn.name = "x"})
    -> (tensor<4x4xf32> {horn.role = "state", horn.name = "h"}) {
  %0 = horn.scan init(%h) xs(%x) invariants() {
  ^bb0(%c: tensor<4x4xf32>, %s: tensor<4x4xf32>):
    %1 = horn.dot %c, %s {lhs_contract = array<i64: 1>, rhs_contract = array<i64: 0>, lhs_batch = array<i64>, rhs_batch = array<i64>}
      : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
    horn.yield %1 : tensor<4x4xf32>
  } {length = 3 : i64} : (tensor<4x4xf32>, tensor<3x4x4xf32>) -> tensor<4x4xf32>
  return %0 : tensor<4x4xf32>
}
