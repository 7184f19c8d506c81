// RUN: hornbeam-opt %s -horn-fuse -horn-schedule -horn-to-kernels --split-input-file | FileCheck %s

// A gather is elementwise work: an element of the table at a computed place, here scaled in the same kernel. No one-hot
// array and no copy of the rows stands between.
// CHECK-LABEL: func @embedding(
// CHECK-SAME:  %[[T:[a-z0-9]+]]: memref<3200xf32>
// CHECK-SAME:  %[[I:[a-z0-9]+]]: memref<40xi32>
// CHECK:       "hk.map"(%[[I]], %[[T]],
// CHECK-SAME:  domain = array<i64: 8, 5, 32>
// CHECK-NEXT:  ^bb0(%[[INDEX:[a-z0-9]+]]: i32, %[[TABLE:[a-z0-9]+]]: f32, %{{.*}}: f32):
// CHECK:       %[[WIDE:.*]] = arith.extsi %[[INDEX]] : i32 to i64
// CHECK:       arith.maxsi
// CHECK-NEXT:  %[[AT:.*]] = arith.minsi
// CHECK-NEXT:  %[[E:.*]] = hk.element %[[TABLE]][%[[AT]] * 32] + [0, 0, 1, 0] : f32 -> f32
// CHECK:       arith.mulf %[[E]]
// CHECK-NOT:   "hk.map"
func.func @embedding(%t: tensor<100x32xf32> {horn.role = "state", horn.name = "t"}, %i: tensor<8x5xi32> {horn.role = "batch", horn.name = "i"})
    -> (tensor<8x5x32xf32> {horn.role = "batch", horn.name = "y", horn.per_batch = true}) {
  %0 = horn.take %t, %i {axis = 0 : i64} : (tensor<100x32xf32>, tensor<8x5xi32>) -> tensor<8x5x32xf32>
  %c = horn.constant dense<2.0> : tensor<8x5x32xf32>
  %1 = horn.multiply %0, %c : (tensor<8x5x32xf32>, tensor<8x5x32xf32>) -> tensor<8x5x32xf32>
  return %1 : tensor<8x5x32xf32>
}

// -----

// Its gradient adds rows at places, and the optimizer's update of the table is the epilogue of that: in place, as the
// table's rows were read before.
// CHECK-LABEL: func @update(
// CHECK-SAME:  %[[T:[a-z0-9]+]]: memref<3200xf32>
// CHECK:       "hk.map"
// CHECK:       "hk.scatter_add"(%{{.*}}, %{{.*}}, %[[SUMS:[a-z0-9_]+]], %[[T]])
// CHECK-SAME:  domain = array<i64: 1, 100, 32>
// CHECK:       arith.subf
// CHECK-NOT:   "hk.map"
func.func @update(%t: tensor<100x32xf32> {horn.role = "state", horn.name = "t"}, %i: tensor<40xi32> {horn.role = "batch", horn.name = "i"})
    -> (tensor<100x32xf32> {horn.role = "state", horn.name = "t"}) {
  %0 = horn.take %t, %i {axis = 0 : i64} : (tensor<100x32xf32>, tensor<40xi32>) -> tensor<40x32xf32>
  %1 = horn.tanh %0 : (tensor<40x32xf32>) -> tensor<40x32xf32>
  %2 = horn.take_backward %i, %1 {axis = 0 : i64, input_shape = array<i64: 100, 32>} : (tensor<40xi32>, tensor<40x32xf32>) -> tensor<100x32xf32>
  %3 = horn.subtract %t, %2 : (tensor<100x32xf32>, tensor<100x32xf32>) -> tensor<100x32xf32>
  return %3 : tensor<100x32xf32>
}

// -----

// A depthwise convolution is one kernel, whose vectors lie along the groups.
// CHECK-LABEL: func @depthwise(
// CHECK:       "hk.conv"
// CHECK-SAME:  domain = array<i64: 2, 6, 6, 32, 1>
// CHECK-SAME:  groups = 32 : i64
// CHECK-SAME:  lanes_on_groups
// CHECK-NOT:   "hk.conv"
func.func @depthwise(%k: tensor<3x3x1x32xf32> {horn.role = "state", horn.name = "k"}, %x: tensor<2x8x8x32xf32> {horn.role = "batch", horn.name = "x"})
    -> (tensor<2x6x6x32xf32> {horn.role = "batch", horn.name = "y", horn.per_batch = true}) {
  %0 = horn.conv %x, %k {strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, dilation = array<i64: 1, 1>, groups = 32 : i64}
    : (tensor<2x8x8x32xf32>, tensor<3x3x1x32xf32>) -> tensor<2x6x6x32xf32>
  return %0 : tensor<2x6x6x32xf32>
}
