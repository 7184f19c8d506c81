// RUN: hornbeam-opt %s -horn-split-batch="rows=2" | FileCheck %s

// Rows that go their own way: the job is made for two of them, and four parts make a step. What is the same for all rows
// is made for two, too; what has no rows stays.
// CHECK-LABEL: func @rows(
// CHECK-SAME:  %[[W:[a-z0-9]+]]: tensor<3x5xf32>
// CHECK-SAME:  %[[X:[a-z0-9]+]]: tensor<2x3xf32>
// CHECK-SAME:  -> (tensor<2x5xf32>
// CHECK-SAME:  horn.parts = 4
// CHECK:       %[[BIAS:.*]] = horn.broadcast {{.*}}shape = array<i64: 2, 5>{{.*}} -> tensor<2x5xf32>
// CHECK-NEXT:  horn.dot %[[X]], %[[W]] {{.*}} -> tensor<2x5xf32>
// CHECK:       horn.add %{{.*}}, %[[BIAS]] {{.*}} -> tensor<2x5xf32>
func.func @rows(%w: tensor<3x5xf32> {horn.role = "state", horn.name = "w"},
                %b: tensor<5xf32> {horn.role = "state", horn.name = "b"},
                %x: tensor<8x3xf32> {horn.role = "batch", horn.name = "x"})
    -> (tensor<8x5xf32> {horn.role = "batch", horn.name = "y", horn.per_batch = true}) {
  %0 = horn.broadcast %b {shape = array<i64: 8, 5>, axes = array<i64: 1>} : (tensor<5xf32>) -> tensor<8x5xf32>
  %1 = horn.dot %x, %w {lhs_contract = array<i64: 1>, rhs_contract = array<i64: 0>, lhs_batch = array<i64>, rhs_batch = array<i64>} : (tensor<8x3xf32>, tensor<3x5xf32>) -> tensor<8x5xf32>
  %2 = horn.add %1, %0 : (tensor<8x5xf32>, tensor<8x5xf32>) -> tensor<8x5xf32>
  return %2 : tensor<8x5xf32>
}

// A row of the batch may be several rows of a value.
// CHECK-LABEL: func @several(
// CHECK:       horn.reshape {{.*}} -> tensor<12x2xf32>
// CHECK:       horn.reduce_sum {{.*}} -> tensor<12xf32>
// CHECK:       horn.reshape {{.*}}shape = array<i64: 2, 6>{{.*}} -> tensor<2x6xf32>
func.func @several(%x: tensor<8x6x2xf32> {horn.role = "batch", horn.name = "x"})
    -> (tensor<8x6xf32> {horn.role = "batch", horn.name = "y", horn.per_batch = true}) {
  %0 = horn.reshape %x {shape = array<i64: 48, 2>} : (tensor<8x6x2xf32>) -> tensor<48x2xf32>
  %1 = horn.reduce_sum %0 {axes = array<i64: 1>} : (tensor<48x2xf32>) -> tensor<48xf32>
  %2 = horn.reshape %1 {shape = array<i64: 8, 6>} : (tensor<48xf32>) -> tensor<8x6xf32>
  return %2 : tensor<8x6xf32>
}

// The mean of the batch is one of all rows.
// CHECK-LABEL: func @mixed(
// CHECK-SAME:  tensor<8x3xf32>
// CHECK-NOT:   horn.parts
func.func @mixed(%x: tensor<8x3xf32> {horn.role = "batch", horn.name = "x"})
    -> (tensor<8x3xf32> {horn.role = "batch", horn.name = "y", horn.per_batch = true}) {
  %0 = horn.reduce_sum %x {axes = array<i64: 0>} : (tensor<8x3xf32>) -> tensor<3xf32>
  %1 = horn.broadcast %0 {shape = array<i64: 8, 3>, axes = array<i64: 1>} : (tensor<3xf32>) -> tensor<8x3xf32>
  %2 = horn.subtract %x, %1 : (tensor<8x3xf32>, tensor<8x3xf32>) -> tensor<8x3xf32>
  return %2 : tensor<8x3xf32>
}

// CHECK-LABEL: func @turned(
// CHECK-NOT:   horn.parts
func.func @turned(%x: tensor<8x8xf32> {horn.role = "batch", horn.name = "x"})
    -> (tensor<8x8xf32> {horn.role = "batch", horn.name = "y", horn.per_batch = true}) {
  %0 = horn.transpose %x {permutation = array<i64: 1, 0>} : (tensor<8x8xf32>) -> tensor<8x8xf32>
  return %0 : tensor<8x8xf32>
}

// Each row has a value of its own.
// CHECK-LABEL: func @numbered(
// CHECK-NOT:   horn.parts
func.func @numbered(%x: tensor<8xf32> {horn.role = "batch", horn.name = "x"})
    -> (tensor<8xf32> {horn.role = "batch", horn.name = "y", horn.per_batch = true}) {
  %0 = horn.iota {shape = array<i64: 8>, axis = 0 : i64, dtype = f32} : tensor<8xf32>
  %1 = horn.add %x, %0 : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  return %1 : tensor<8xf32>
}

// What is made once for the batch, and state.
// CHECK-LABEL: func @once(
// CHECK-NOT:   horn.parts
func.func @once(%x: tensor<8xf32> {horn.role = "batch", horn.name = "x"})
    -> (tensor<8xf32> {horn.role = "batch", horn.name = "y", horn.per_batch = false}) {
  return %x : tensor<8xf32>
}
// CHECK-LABEL: func @state(
// CHECK-NOT:   horn.parts
func.func @state(%s: tensor<8xf32> {horn.role = "state", horn.name = "s"},
                 %x: tensor<8xf32> {horn.role = "batch", horn.name = "x"})
    -> (tensor<8xf32> {horn.role = "state", horn.name = "s"}) {
  return %x : tensor<8xf32>
}
