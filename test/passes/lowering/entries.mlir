// RUN: hornbeam-opt %s -horn-fuse -horn-schedule -horn-to-kernels -hk-fuse-steps -hk-plan-arena --split-input-file | FileCheck %s
// RUN: hornbeam-opt %s -horn-fuse -horn-schedule -horn-to-kernels=threads=2 -hk-fuse-steps=threads=2 -hk-plan-arena -hk-place-barriers --split-input-file | FileCheck %s --check-prefix=THREADS

// A dense layer: bias and activation are the product's epilogue, one kernel beside the gathering of rows.
// CHECK-LABEL: func @entry_dense
// CHECK: scf.for
// CHECK: hk.gather_rows
// CHECK-COUNT-1: "hk.gemm"
// CHECK-DAG: arith.addf
// CHECK-DAG: arith.maximumf
// CHECK: hk.store_rows
// CHECK-NOT: "hk.map"
func.func @dense(%w: tensor<20x16xf32> {horn.role = "state", horn.name = "w"}, %b: tensor<16xf32> {horn.role = "state", horn.name = "b"},
                 %x: tensor<32x20xf32> {horn.role = "batch", horn.name = "x"}) -> (tensor<32x16xf32> {horn.role = "batch", horn.name = "y", horn.per_batch = true}) {
  %0 = horn.dot %x, %w {lhs_contract = array<i64: 1>, rhs_contract = array<i64: 0>, lhs_batch = array<i64>, rhs_batch = array<i64>}
    : (tensor<32x20xf32>, tensor<20x16xf32>) -> tensor<32x16xf32>
  %1 = horn.broadcast %b {shape = array<i64: 32, 16>, axes = array<i64: 1>} : (tensor<16xf32>) -> tensor<32x16xf32>
  %2 = horn.add %0, %1 : (tensor<32x16xf32>, tensor<32x16xf32>) -> tensor<32x16xf32>
  %3 = horn.relu %2 : (tensor<32x16xf32>) -> tensor<32x16xf32>
  return %3 : tensor<32x16xf32>
}

// -----

// The reader of a variable runs before the kernel that overwrites it, and nothing is copied.
// CHECK-LABEL: func @entry_update
// CHECK: %[[W:.*]] = memref.view %arg0
// CHECK: scf.for
// CHECK: "hk.gemm"({{.*}}%[[W]]
// CHECK: "hk.gemm"
// CHECK-NOT: "hk.map"
// THREADS-LABEL: func @entry_update
// THREADS: hk.gather_rows
// THREADS: hk.barrier
// THREADS: "hk.gemm"
// THREADS: hk.barrier
// THREADS: scf.if
func.func @update(%w: tensor<256x256xf32> {horn.role = "state", horn.name = "w"}, %x: tensor<256x256xf32> {horn.role = "batch", horn.name = "x"})
    -> (tensor<256x256xf32> {horn.role = "state", horn.name = "w"}, tensor<f32> {horn.role = "batch", horn.name = "s", horn.per_batch = false}) {
  %g = horn.dot %x, %x {lhs_contract = array<i64: 0>, rhs_contract = array<i64: 0>, lhs_batch = array<i64>, rhs_batch = array<i64>}
    : (tensor<256x256xf32>, tensor<256x256xf32>) -> tensor<256x256xf32>
  %new = horn.subtract %w, %g : (tensor<256x256xf32>, tensor<256x256xf32>) -> tensor<256x256xf32>
  %y = horn.dot %x, %w {lhs_contract = array<i64: 1>, rhs_contract = array<i64: 0>, lhs_batch = array<i64>, rhs_batch = array<i64>}
    : (tensor<256x256xf32>, tensor<256x256xf32>) -> tensor<256x256xf32>
  %s = horn.reduce_sum %y {axes = array<i64: 0, 1>} : (tensor<256x256xf32>) -> tensor<f32>
  return %new, %s : tensor<256x256xf32>, tensor<f32>
}
