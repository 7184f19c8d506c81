// RUN: hornbeam-opt %s -horn-schedule --split-input-file --verify-diagnostics | FileCheck %s

// The reader of the old value moves before the group that makes the new one, which is written in place then.
// CHECK-LABEL: @reader_first
// CHECK-NEXT:  %[[S:.*]] = horn.reduce_sum {{.*}}horn.group = 0 : i64
// CHECK-NEXT:  %[[N:.*]] = horn.negative {{.*}}horn.group = 1 : i64
// CHECK-NEXT:  return {horn.in_place = array<i64: 0>} %[[N]], %[[S]]
func.func @reader_first(%w: tensor<4xf32> {horn.role = "state", horn.name = "w"})
    -> (tensor<4xf32> {horn.role = "state", horn.name = "w"}, tensor<f32> {horn.role = "batch", horn.name = "s", horn.per_batch = false}) {
  %0 = horn.negative %w {horn.group = 0 : i64} : (tensor<4xf32>) -> tensor<4xf32>
  %1 = horn.reduce_sum %w {axes = array<i64: 0>, horn.group = 1 : i64} : (tensor<4xf32>) -> tensor<f32>
  return %0, %1 : tensor<4xf32>, tensor<f32>
}

// -----

// A reader that needs the new value as well as the old one: nothing can be in place.
// CHECK-LABEL: @both
// CHECK-NOT:   horn.in_place
func.func @both(%w: tensor<4xf32> {horn.role = "state", horn.name = "w"})
    -> (tensor<4xf32> {horn.role = "state", horn.name = "w"}, tensor<f32> {horn.role = "batch", horn.name = "s", horn.per_batch = false}) {
  %0 = horn.reduce_max %w {axes = array<i64: 0>, horn.group = 0 : i64} : (tensor<4xf32>) -> tensor<f32>
  %1 = horn.broadcast %0 {shape = array<i64: 4>, axes = array<i64>} : (tensor<f32>) -> tensor<4xf32>
  %2 = horn.subtract %w, %1 {horn.group = 1 : i64} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = horn.reduce_max %2 {axes = array<i64: 0>, horn.group = 2 : i64} : (tensor<4xf32>) -> tensor<f32>
  %4 = horn.broadcast %3 {shape = array<i64: 4>, axes = array<i64>} : (tensor<f32>) -> tensor<4xf32>
  %5 = horn.add %w, %4 {horn.body, horn.group = 3 : i64} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %6 = horn.reduce_sum %5 {axes = array<i64: 0>, horn.group = 3 : i64} : (tensor<4xf32>) -> tensor<f32>
  return %2, %6 : tensor<4xf32>, tensor<f32>
}

// -----

// A variable that is read at other points than it is written has no place to be written to meanwhile.
// CHECK-LABEL: @turn
// CHECK-NOT:   horn.in_place
func.func @turn(%w: tensor<6x6xf32> {horn.role = "state", horn.name = "w"}) -> (tensor<6x6xf32> {horn.role = "state", horn.name = "w"}) {
  %0 = horn.transpose %w {permutation = array<i64: 1, 0>} : (tensor<6x6xf32>) -> tensor<6x6xf32>
  %1 = horn.negative %0 {horn.group = 0 : i64} : (tensor<6x6xf32>) -> tensor<6x6xf32>
  return %1 : tensor<6x6xf32>
}

// -----

// The whole seed is read for each random number, so its own group must not overwrite it.
// CHECK-LABEL: @seed
// CHECK-NOT:   horn.in_place
func.func @seed(%s: tensor<2xui32> {horn.role = "state", horn.name = "s"})
    -> (tensor<2xui32> {horn.role = "state", horn.name = "s"}, tensor<2xf32> {horn.role = "batch", horn.name = "r", horn.per_batch = false}) {
  %one = horn.constant dense<1> : tensor<2xui32>
  %0 = horn.add %s, %one {horn.group = 0 : i64} : (tensor<2xui32>, tensor<2xui32>) -> tensor<2xui32>
  %1 = horn.random_uniform %s {shape = array<i64: 2>, horn.group = 0 : i64} : (tensor<2xui32>) -> tensor<2xf32>
  return %0, %1 : tensor<2xui32>, tensor<2xf32>
}

// -----

func.func @ungrouped(%w: tensor<4xf32> {horn.role = "state", horn.name = "w"}) -> (tensor<4xf32> {horn.role = "state", horn.name = "w"}) {
  // expected-error@+1 {{belongs to no group: horn-fuse makes them}}
  %0 = horn.negative %w : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
