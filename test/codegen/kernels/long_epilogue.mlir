// RUN: hornbeam-opt %s -hk-emit-kernels=vector-bytes=16 | FileCheck %s

// An epilogue of many ops is written once: the tile's sums wait on the stack for a loop over its rows.
// CHECK-LABEL: func private @kernel_gemm_
// CHECK:       %[[HELD:.*]] = memref.alloca() {alignment = 64 : i64} : memref<8xf32>
// CHECK:       vector.fma
// CHECK:       vector.store {{.*}}, %[[HELD]]
// CHECK:       vector.store {{.*}}, %[[HELD]]
// CHECK:       scf.for
// CHECK:       vector.load %[[HELD]]
// CHECK-COUNT-11: arith.addf
// CHECK-NOT:   arith.addf
// CHECK:       return
func.func @long(%a: memref<6xf32>, %b: memref<12xf32>, %y: memref<8xf32>) {
  "hk.gemm"(%a, %b, %y) <{operandSegmentSizes = array<i32: 1, 1, 0, 1>, domain = array<i64: 1, 2, 4>, access = [array<i64: 0, 4, 1, 0>],
      tile = array<i64: 2, 1>, lhs_strides = array<i64: 0, 3, 1>, rhs_strides = array<i64: 0, 4, 1>, depth = 3 : i64}> ({
  ^bb0(%sum: f32, %old: f32):
    %0 = arith.addf %sum, %sum : f32
    %1 = arith.addf %0, %sum : f32
    %2 = arith.addf %1, %sum : f32
    %3 = arith.addf %2, %sum : f32
    %4 = arith.addf %3, %sum : f32
    %5 = arith.addf %4, %sum : f32
    %6 = arith.addf %5, %sum : f32
    %7 = arith.addf %6, %sum : f32
    %8 = arith.addf %7, %sum : f32
    %9 = arith.addf %8, %sum : f32
    %10 = arith.addf %9, %sum : f32
    hk.yield %10 : f32
  }) : (memref<6xf32>, memref<12xf32>, memref<8xf32>) -> ()
  return
}
