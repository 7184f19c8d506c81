// RUN: hornbeam-opt %s -horn-to-kernels | FileCheck %s

// Four arrays of 1024 bytes in a chain of products: each lives until the next is made, so two places are enough.
// CHECK-LABEL: func @entry_chain
// CHECK-SAME: %arg3: memref<2048xi8>
// CHECK-NOT: memref.alloc
// CHECK-COUNT-3: "hk.gemm"
func.func @chain(%w: tensor<16x16xf32> {horn.role = "state", horn.name = "w"}, %x: tensor<16x16xf32> {horn.role = "batch", horn.name = "x"})
    -> (tensor<16x16xf32> {horn.role = "batch", horn.name = "y", horn.per_batch = true}) {
  %0 = horn.dot %x, %w {lhs_contract = array<i64: 1>, rhs_contract = array<i64: 0>, lhs_batch = array<i64>, rhs_batch = array<i64>} : (tensor<16x16xf32>, tensor<16x16xf32>) -> tensor<16x16xf32>
  %1 = horn.dot %0, %w {lhs_contract = array<i64: 1>, rhs_contract = array<i64: 0>, lhs_batch = array<i64>, rhs_batch = array<i64>} : (tensor<16x16xf32>, tensor<16x16xf32>) -> tensor<16x16xf32>
  %2 = horn.dot %1, %w {lhs_contract = array<i64: 1>, rhs_contract = array<i64: 0>, lhs_batch = array<i64>, rhs_batch = array<i64>} : (tensor<16x16xf32>, tensor<16x16xf32>) -> tensor<16x16xf32>
  return %2 : tensor<16x16xf32>
}
