// RUN: hornbeam-opt %s -hk-emit-kernels=vector-bytes=16 | FileCheck %s

// Where rows run outside and the epilogue is long, the sums of whole rows wait on the stack, and the epilogue goes along
// the rows: 14 rows of 1024.
// CHECK-LABEL: func private @kernel_gemm_
// CHECK:       %[[HELD:.*]] = memref.alloca() {alignment = 64 : i64} : memref<14336xf32>
// CHECK:       scf.for
// CHECK:         scf.for
// CHECK:           vector.fma
// CHECK:           vector.store {{.*}}, %[[HELD]]
// CHECK:         scf.for
// CHECK:           scf.for
// CHECK:             vector.load %[[HELD]]
// CHECK:             arith.addf
func.func @long(%a: memref<3584xf32>, %b: memref<2048xf32>, %y: memref<1835008xf32>) {
  "hk.gemm"(%a, %b, %y) <{operandSegmentSizes = array<i32: 1, 1, 0, 1>, domain = array<i64: 1, 1792, 1024>, access = [array<i64: 0, 1024, 1, 0>],
      tile = array<i64: 14, 1>, lhs_strides = array<i64: 0, 2, 1>, rhs_strides = array<i64: 0, 1024, 1>, depth = 2 : i64}> ({
  ^bb0(%sum: f32, %old: f32):
    %0 = arith.addf %sum, %old : f32
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
  }) : (memref<3584xf32>, memref<2048xf32>, memref<1835008xf32>) -> ()
  return
}
