// RUN: hornbeam-opt %s -horn-to-kernels --split-input-file | FileCheck %s

// A group is one kernel on flat buffers: the members are its epilogue, moves are factors of accesses.
// CHECK-LABEL: func @dense(
// CHECK-SAME:  %[[W:[a-z0-9]+]]: memref<320xf32> {horn.name = "w", horn.role = "state", horn.type = tensor<20x16xf32>}
// CHECK-SAME:  %[[B:[a-z0-9]+]]: memref<16xf32>
// CHECK-SAME:  %[[X:[a-z0-9]+]]: memref<640xf32> {horn.name = "x", horn.role = "batch"
// CHECK-SAME:  %[[Y:[a-z0-9]+]]: memref<512xf32> {horn.name = "y", horn.per_batch = true, horn.role = "output", horn.type = tensor<32x16xf32>}
// CHECK-NEXT:  %[[T:.*]] = memref.alloc() : memref<512xf32>
// CHECK-NEXT:  "hk.gemm"(%[[X]], %[[W]], %[[B]], %[[T]])
// CHECK-SAME:  access = [array<i64: 0, 0, 1, 0>, array<i64: 0, 16, 1, 0>]
// CHECK-SAME:  domain = array<i64: 1, 32, 16>
// CHECK-NEXT:  ^bb0(%[[SUM:[a-z0-9]+]]: f32, %[[BIAS:[a-z0-9]+]]: f32, %{{.*}}: f32):
// CHECK-NEXT:  arith.addf %[[SUM]], %[[BIAS]]
// CHECK:       hk.store_rows %[[T]], %[[Y]]
// CHECK-NOT:   horn.dot
func.func @dense(%w: tensor<20x16xf32> {horn.role = "state", horn.name = "w"}, %b: tensor<16xf32> {horn.role = "state", horn.name = "b"},
                 %x: tensor<32x20xf32> {horn.role = "batch", horn.name = "x"}) -> (tensor<32x16xf32> {horn.role = "batch", horn.name = "y", horn.per_batch = true}) {
  %0 = horn.dot %x, %w {lhs_contract = array<i64: 1>, rhs_contract = array<i64: 0>, lhs_batch = array<i64>, rhs_batch = array<i64>, horn.group = 0 : i64}
    : (tensor<32x20xf32>, tensor<20x16xf32>) -> tensor<32x16xf32>
  %1 = horn.broadcast %b {shape = array<i64: 32, 16>, axes = array<i64: 1>} : (tensor<16xf32>) -> tensor<32x16xf32>
  %2 = horn.add %0, %1 {horn.group = 0 : i64} : (tensor<32x16xf32>, tensor<32x16xf32>) -> tensor<32x16xf32>
  return %2 : tensor<32x16xf32>
}

// -----

// In place: the kernel writes into the variable. Not in place: into a temporary, which is copied at the end.
// CHECK-LABEL: func @updates(
// CHECK-SAME:  %[[A:[a-z0-9]+]]: memref<4xf32> {{.*}}%[[B:[a-z0-9]+]]: memref<4xf32>
// CHECK:       %[[NEW:.*]] = memref.alloc
// CHECK:       "hk.map"(%[[B]], %[[A]], %[[NEW]])
// CHECK:       "hk.map"(%[[NEW]], %[[B]])
// CHECK-NOT:   "hk.map"
func.func @updates(%a: tensor<4xf32> {horn.role = "state", horn.name = "a"}, %b: tensor<4xf32> {horn.role = "state", horn.name = "b"})
    -> (tensor<4xf32> {horn.role = "state", horn.name = "a"}, tensor<4xf32> {horn.role = "state", horn.name = "b"}) {
  %0 = horn.add %a, %b {horn.group = 0 : i64} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = horn.negative %b {horn.group = 0 : i64} : (tensor<4xf32>) -> tensor<4xf32>
  return {horn.in_place = array<i64: 0>} %0, %1 : tensor<4xf32>, tensor<4xf32>
}

// -----

// Constants that differ from place to place lie in the program.
// CHECK:       memref.global "private" constant @table_constant_0 : memref<3xf32> = dense<[1.000000e+00, 2.000000e+00, 3.000000e+00]>
// CHECK-LABEL: func @table(
// CHECK:       memref.get_global @table_constant_0
func.func @table(%x: tensor<2x3xf32> {horn.role = "batch", horn.name = "x"}) -> (tensor<2x3xf32> {horn.role = "batch", horn.name = "y", horn.per_batch = true}) {
  %c = horn.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %0 = horn.broadcast %c {shape = array<i64: 2, 3>, axes = array<i64: 1>} : (tensor<3xf32>) -> tensor<2x3xf32>
  %1 = horn.add %x, %0 {horn.group = 0 : i64} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}
