// RUN: hornbeam-opt %s -horn-fuse -horn-schedule -horn-to-kernels | FileCheck %s

// Much is reduced to few points: slice by slice of the first axis, which threads share, then over the slices.
// CHECK-LABEL: func @moments
// CHECK:       %[[SUMS:.*]] = memref.alloc() : memref<128xf32>
// CHECK:       "hk.reduce"(%{{.*}}, %[[SUMS]]) <{access = [array<i64: 16, 1, 0>], axes = array<i64: 1, 2>, domain = array<i64: 8, 16>
// CHECK-SAME:  input_domain = array<i64: 8, 32, 32, 16>
// CHECK:       "hk.reduce"(%[[SUMS]], %{{.*}}) <{access = [array<i64: 1, 0>], axes = array<i64: 0>, domain = array<i64: 16>
// CHECK-SAME:  input_domain = array<i64: 8, 16>
func.func @moments(%x: tensor<8x32x32x16xf32> {horn.role = "batch", horn.name = "x"})
    -> (tensor<16xf32> {horn.role = "batch", horn.name = "y", horn.per_batch = false}) {
  %0 = horn.reduce_sum %x {axes = array<i64: 0, 1, 2>} : (tensor<8x32x32x16xf32>) -> tensor<16xf32>
  return %0 : tensor<16xf32>
}

// Little stays one kernel.
// CHECK-LABEL: func @small
// CHECK-COUNT-1: "hk.reduce"
// CHECK-NOT:   "hk.reduce"
func.func @small(%x: tensor<8x4x4x16xf32> {horn.role = "batch", horn.name = "x"})
    -> (tensor<16xf32> {horn.role = "batch", horn.name = "y", horn.per_batch = false}) {
  %0 = horn.reduce_sum %x {axes = array<i64: 0, 1, 2>} : (tensor<8x4x4x16xf32>) -> tensor<16xf32>
  return %0 : tensor<16xf32>
}
