// RUN: hornbeam-opt %s -horn-fuse -horn-schedule -horn-to-kernels -hk-fuse-steps -hk-plan-arena --split-input-file | FileCheck %s

// A variable that is read at other points than it is written cannot be updated in place: it is copied at the end.
// CHECK-LABEL: func @entry_turn
// CHECK: %[[W:.*]] = memref.view %arg0
// CHECK: %[[NEW:.*]] = memref.view %arg3
// CHECK: "hk.map"(%[[W]], %[[NEW]])
// CHECK: "hk.map"(%[[NEW]], %[[W]])
// CHECK-NOT: "hk.map"
func.func @turn(%w: tensor<6x6xf32> {horn.role = "state", horn.name = "w"}) -> (tensor<6x6xf32> {horn.role = "state", horn.name = "w"}) {
  %0 = horn.transpose %w {permutation = array<i64: 1, 0>} : (tensor<6x6xf32>) -> tensor<6x6xf32>
  %1 = horn.negative %0 : (tensor<6x6xf32>) -> tensor<6x6xf32>
  return %1 : tensor<6x6xf32>
}

// -----

// Variables that exchange their values go by way of the arena.
// CHECK-LABEL: func @entry_swap
// CHECK: %[[A:.*]] = memref.view %arg0
// CHECK: %[[B:.*]] = memref.view %arg0
// CHECK: "hk.map"(%[[B]], %[[KEPT_B:[0-9a-z_%]+]])
// CHECK: "hk.map"(%[[A]], %[[KEPT_A:[0-9a-z_%]+]])
// CHECK: "hk.map"(%[[KEPT_B]], %[[A]])
// CHECK: "hk.map"(%[[KEPT_A]], %[[B]])
func.func @swap(%a: tensor<9xf32> {horn.role = "state", horn.name = "a"}, %b: tensor<9xf32> {horn.role = "state", horn.name = "b"})
    -> (tensor<9xf32> {horn.role = "state", horn.name = "a"}, tensor<9xf32> {horn.role = "state", horn.name = "b"}) {
  return %b, %a : tensor<9xf32>, tensor<9xf32>
}
