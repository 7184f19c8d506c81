// RUN: hornbeam-opt %s -horn-fuse -horn-schedule -horn-to-kernels -hk-fuse-steps -hk-plan-arena --split-input-file | FileCheck %s

// Elementwise work before a reduction runs in its body, what follows in its epilogue: one kernel, no array in between.
// CHECK-LABEL: func @entry_norm
// CHECK: "hk.reduce"
// CHECK-DAG: arith.mulf
// CHECK-DAG: math.sqrt
// CHECK-NOT: "hk.map"
func.func @norm(%x: tensor<8x32xf32> {horn.role = "batch", horn.name = "x"}) -> (tensor<8xf32> {horn.role = "batch", horn.name = "y", horn.per_batch = true}) {
  %0 = horn.multiply %x, %x : (tensor<8x32xf32>, tensor<8x32xf32>) -> tensor<8x32xf32>
  %1 = horn.reduce_sum %0 {axes = array<i64: 1>} : (tensor<8x32xf32>) -> tensor<8xf32>
  %2 = horn.sqrt %1 : (tensor<8xf32>) -> tensor<8xf32>
  return %2 : tensor<8xf32>
}

// -----

// Moves cost nothing: a transpose, a reversal and a slice are factors of an access.
// CHECK-LABEL: func @entry_moves
// CHECK-COUNT-1: "hk.map"
// CHECK-SAME: access = [array<i64: 1, 4, 0>, array<i64: 1, -4, 28>, array<i64: 8, 1, 0>]
// CHECK-NOT: "hk.map"
func.func @moves(%a: tensor<8x4xf32> {horn.role = "batch", horn.name = "a"}, %b: tensor<8x4xf32> {horn.role = "batch", horn.name = "b"})
    -> (tensor<4x8xf32> {horn.role = "batch", horn.name = "y", horn.per_batch = false}) {
  %0 = horn.transpose %a {permutation = array<i64: 1, 0>} : (tensor<8x4xf32>) -> tensor<4x8xf32>
  %1 = horn.reverse %b {axes = array<i64: 0>} : (tensor<8x4xf32>) -> tensor<8x4xf32>
  %2 = horn.transpose %1 {permutation = array<i64: 1, 0>} : (tensor<8x4xf32>) -> tensor<4x8xf32>
  %3 = horn.add %0, %2 : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %3 : tensor<4x8xf32>
}

// -----

// An optimizer's update is the epilogue of the product that makes the gradient: the gradient is never stored.
// CHECK-LABEL: func @entry_momentum
// CHECK-COUNT-1: "hk.gemm"
// CHECK: hk.yield %{{.*}}, %{{.*}} : f32, f32
// CHECK-NOT: "hk.
func.func @momentum(%w: tensor<20x16xf32> {horn.role = "state", horn.name = "w"}, %m: tensor<20x16xf32> {horn.role = "state", horn.name = "m"},
                    %x: tensor<32x20xf32> {horn.role = "batch", horn.name = "x"}, %dy: tensor<32x16xf32> {horn.role = "batch", horn.name = "dy"})
    -> (tensor<20x16xf32> {horn.role = "state", horn.name = "w"}, tensor<20x16xf32> {horn.role = "state", horn.name = "m"}) {
  %g = horn.dot %x, %dy {lhs_contract = array<i64: 0>, rhs_contract = array<i64: 0>, lhs_batch = array<i64>, rhs_batch = array<i64>}
    : (tensor<32x20xf32>, tensor<32x16xf32>) -> tensor<20x16xf32>
  %m1 = horn.add %m, %g : (tensor<20x16xf32>, tensor<20x16xf32>) -> tensor<20x16xf32>
  %w1 = horn.subtract %w, %m1 : (tensor<20x16xf32>, tensor<20x16xf32>) -> tensor<20x16xf32>
  return %w1, %m1 : tensor<20x16xf32>, tensor<20x16xf32>
}
