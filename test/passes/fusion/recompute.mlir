// RUN: hornbeam-opt %s -horn-recompute | FileCheck %s --check-prefix=COPIES
// RUN: hornbeam-opt %s -horn-recompute -horn-fuse | FileCheck %s

// The difference and its square are not written down: the sum and the result compute them from the product.
// COPIES-LABEL: func @deviation
// COPIES:       %[[P:.*]] = horn.dot
// COPIES:       horn.subtract %[[P]], {{.*}} {horn.recompute}
// COPIES:       horn.multiply {{.*}} {horn.recompute}
// COPIES:       horn.reduce_sum
// COPIES:       horn.subtract %[[P]], {{.*}} {horn.recompute}
// COPIES:       horn.tanh
// COPIES-NOT:   horn.subtract
// CHECK-LABEL: func @deviation
// CHECK:       horn.dot {{.*}}{horn.group = 0 : i64
// CHECK:       horn.subtract {{.*}} {horn.group = 0 : i64, horn.recompute}
// CHECK:       horn.tanh {{.*}} {horn.group = 0 : i64}
// CHECK:       horn.subtract {{.*}} {horn.body, horn.group = 1 : i64, horn.recompute}
// CHECK:       horn.multiply {{.*}} {horn.body, horn.group = 1 : i64, horn.recompute}
// CHECK:       horn.reduce_sum {{.*}}horn.group = 1 : i64
func.func @deviation(%x: tensor<256x8xf32>, %w: tensor<8x64xf32>, %m: tensor<64xf32>) -> (tensor<64xf32>, tensor<256x64xf32>) {
  %0 = horn.dot %x, %w {lhs_contract = array<i64: 1>, rhs_contract = array<i64: 0>, lhs_batch = array<i64>, rhs_batch = array<i64>}
    : (tensor<256x8xf32>, tensor<8x64xf32>) -> tensor<256x64xf32>
  %1 = horn.broadcast %m {shape = array<i64: 256, 64>, axes = array<i64: 1>} : (tensor<64xf32>) -> tensor<256x64xf32>
  %2 = horn.subtract %0, %1 : (tensor<256x64xf32>, tensor<256x64xf32>) -> tensor<256x64xf32>
  %3 = horn.multiply %2, %2 : (tensor<256x64xf32>, tensor<256x64xf32>) -> tensor<256x64xf32>
  %4 = horn.reduce_sum %3 {axes = array<i64: 0>} : (tensor<256x64xf32>) -> tensor<64xf32>
  %5 = horn.tanh %2 : (tensor<256x64xf32>) -> tensor<256x64xf32>
  return %4, %5 : tensor<64xf32>, tensor<256x64xf32>
}

// What is dear is computed once, and so is what takes reading more than its result would.
// COPIES-LABEL: func @once
// COPIES-NOT:   horn.recompute
func.func @once(%x: tensor<256x8xf32>, %w: tensor<8x64xf32>, %v: tensor<8x64xf32>) -> (tensor<64xf32>, tensor<64xf32>, tensor<256xf32>) {
  %0 = horn.dot %x, %w {lhs_contract = array<i64: 1>, rhs_contract = array<i64: 0>, lhs_batch = array<i64>, rhs_batch = array<i64>}
    : (tensor<256x8xf32>, tensor<8x64xf32>) -> tensor<256x64xf32>
  %1 = horn.dot %x, %v {lhs_contract = array<i64: 1>, rhs_contract = array<i64: 0>, lhs_batch = array<i64>, rhs_batch = array<i64>}
    : (tensor<256x8xf32>, tensor<8x64xf32>) -> tensor<256x64xf32>
  %2 = horn.add %0, %1 : (tensor<256x64xf32>, tensor<256x64xf32>) -> tensor<256x64xf32>
  %3 = horn.reduce_sum %2 {axes = array<i64: 0>} : (tensor<256x64xf32>) -> tensor<64xf32>
  %4 = horn.reduce_max %2 {axes = array<i64: 0>} : (tensor<256x64xf32>) -> tensor<64xf32>
  %5 = horn.exp %2 : (tensor<256x64xf32>) -> tensor<256x64xf32>
  %6 = horn.reduce_sum %5 {axes = array<i64: 1>} : (tensor<256x64xf32>) -> tensor<256xf32>
  return %3, %4, %6 : tensor<64xf32>, tensor<64xf32>, tensor<256xf32>
}
