// RUN: hornbeam-opt %s -hk-emit-kernels=vector-bytes=16 | FileCheck %s

// A register tile of 2 rows and 1 vector: two accumulators through the whole depth, then the epilogue on them.
// CHECK-LABEL: func private @kernel_gemm_
// CHECK-SAME:  (%[[L:[a-z0-9]+]]: memref<20xf32>, %[[R:[a-z0-9]+]]: memref<40xf32>, %[[O:[a-z0-9]+]]: memref<32xf32>)
// CHECK:       %[[S:.*]]:2 = scf.for {{.*}} iter_args({{.*}}) -> (vector<4xf32>, vector<4xf32>)
// CHECK:         vector.load %[[R]]
// CHECK:         memref.load %[[L]]
// CHECK:         vector.fma
// CHECK:         memref.load %[[L]]
// CHECK:         vector.fma
// CHECK:       math.tanh %[[S]]#0
// CHECK:       vector.store {{.*}}%[[O]]
// CHECK:       math.tanh %[[S]]#1
// CHECK:       vector.store {{.*}}%[[O]]
func.func @product(%l: memref<20xf32>, %r: memref<40xf32>, %o: memref<32xf32>) {
  "hk.gemm"(%l, %r, %o) <{operandSegmentSizes = array<i32: 1, 1, 0, 1>, domain = array<i64: 1, 4, 8>, access = [array<i64: 0, 8, 1, 0>],
      tile = array<i64: 2, 1>, lhs_strides = array<i64: 0, 5, 1>, rhs_strides = array<i64: 0, 8, 1>, depth = 5 : i64}> ({
  ^bb0(%sum: f32, %old: f32):
    %t = math.tanh %sum : f32
    hk.yield %t : f32
  }) : (memref<20xf32>, memref<40xf32>, memref<32xf32>) -> ()
  return
}
