// RUN: hornbeam-opt %s -hk-emit-kernels=vector-bytes=16 | FileCheck %s

// Axes that all buffers walk through alike are one: 32 elements, a single loop of 8 vectors.
// CHECK-LABEL: func private @kernel_map_
// CHECK-DAG:   %[[EIGHT:.*]] = arith.constant 8 : index
// CHECK:       scf.for %{{.*}} to %[[EIGHT]]
// CHECK-NOT:   scf.for
// CHECK:       vector.store
// CHECK-LABEL: func @merged
func.func @merged(%a: memref<32xf32>, %b: memref<32xf32>) {
  "hk.map"(%a, %b) <{operandSegmentSizes = array<i32: 1, 1>, domain = array<i64: 4, 8>, access = [array<i64: 8, 1, 0>, array<i64: 8, 1, 0>]}> ({
  ^bb0(%x: f32, %old: f32):
    hk.yield %x : f32
  }) : (memref<32xf32>, memref<32xf32>) -> ()
  return
}
