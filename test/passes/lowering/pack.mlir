// RUN: hornbeam-opt %s -horn-fuse -horn-schedule -horn-to-kernels | FileCheck %s

// A rhs whose columns lie strided is packed: a panel of 32 columns, and one of the 8 that are left, each depth by depth.
// CHECK-LABEL: func @turned
// CHECK:      %[[P:.*]] = memref.alloc() : memref<448xf32>
// CHECK:      "hk.map"(%{{.*}}, %[[P]]) <{access = [array<i64: 0, 224, 1, 7, 0>, array<i64: 448, 224, 32, 1, 0>], domain = array<i64: 1, 1, 7, 32>
// CHECK:      "hk.map"(%{{.*}}, %[[P]]) <{access = [array<i64: 0, 224, 1, 7, 224>, array<i64: 448, 224, 32, 1, 224>], domain = array<i64: 1, 1, 7, 8>
// CHECK:      "hk.gemm"(%{{.*}}, %[[P]], %{{.*}}) <{{.*}}rhs_strides = array<i64: 448, 32, 7>
func.func @turned(%x: tensor<5x7xf32> {horn.role = "batch", horn.name = "x"}, %w: tensor<40x7xf32> {horn.role = "state", horn.name = "w"})
    -> (tensor<5x40xf32> {horn.role = "batch", horn.name = "y", horn.per_batch = true}) {
  %0 = horn.dot %x, %w {lhs_contract = array<i64: 1>, rhs_contract = array<i64: 1>, lhs_batch = array<i64>, rhs_batch = array<i64>}
    : (tensor<5x7xf32>, tensor<40x7xf32>) -> tensor<5x40xf32>
  return %0 : tensor<5x40xf32>
}

// Rows of lhs a page apart are packed, 14 of a tile side by side, and the columns of rhs, whose rows are as far apart.
// CHECK-LABEL: func @far_apart
// CHECK:      %[[R:.*]] = memref.alloc() : memref<1048576xf32>
// CHECK:      "hk.map"(%{{.*}}, %[[R]]) <{access = [array<i64: 0, 32, 1024, 1, 0>, array<i64: 1048576, 32768, 32, 1, 0>], domain = array<i64: 1, 32, 1024, 32>
// CHECK:      %[[L:.*]] = memref.alloc() : memref<114688xf32>
// CHECK:      "hk.map"(%{{.*}}, %[[L]])
// CHECK:      "hk.gemm"(%[[L]], %[[R]], %{{.*}}) <{{.*}}lhs_strides = array<i64: 114688, 1024, 14, 1>{{.*}}rhs_strides = array<i64: 1048576, 32, 1024>
func.func @far_apart(%x: tensor<112x1024xf32> {horn.role = "batch", horn.name = "x"}, %w: tensor<1024x1024xf32> {horn.role = "state", horn.name = "w"})
    -> (tensor<112x1024xf32> {horn.role = "batch", horn.name = "y", horn.per_batch = true}) {
  %0 = horn.dot %x, %w {lhs_contract = array<i64: 1>, rhs_contract = array<i64: 0>, lhs_batch = array<i64>, rhs_batch = array<i64>}
    : (tensor<112x1024xf32>, tensor<1024x1024xf32>) -> tensor<112x1024xf32>
  return %0 : tensor<112x1024xf32>
}
