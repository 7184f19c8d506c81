// RUN: hornbeam-opt %s -hk-emit-kernels=vector-bytes=16 | FileCheck %s

// Zeros, then the rows in their order, then the epilogue. Threads share the columns, so that no two of them add to the
// same place.
// CHECK-LABEL: func private @kernel_scatter_add_
// CHECK-SAME:  (%[[I:[a-z0-9]+]]: memref<20xi32>, %[[R:[a-z0-9]+]]: memref<160xf32>, %[[S:[a-z0-9]+]]: memref<80xf32>, %[[O:[a-z0-9]+]]: memref<80xf32>, %[[THREAD:[a-z0-9]+]]: index
// CHECK:       arith.muli %[[THREAD]]
// CHECK:       scf.for
// CHECK:         scf.for
// CHECK:           vector.store {{.*}}%[[S]]
// CHECK:         scf.for
// CHECK:           memref.load %[[I]]
// CHECK:           arith.maxsi
// CHECK:           arith.minsi
// CHECK:           vector.load %[[R]]
// CHECK:           vector.load %[[S]]
// CHECK:           arith.addf {{.*}} : vector<4xf32>
// CHECK:           vector.store {{.*}}%[[S]]
// CHECK:         scf.for
// CHECK:           vector.load %[[S]]
// CHECK:           arith.subf
// CHECK:           vector.store {{.*}}%[[O]]
func.func @entry_scatter(%i: memref<20xi32>, %r: memref<160xf32>, %s: memref<80xf32>, %o: memref<80xf32>,
                         %rows: memref<8xi64>, %steps: index, %thread: index, %threads: index, %call: !llvm.ptr) {
  "hk.scatter_add"(%i, %r, %s, %o) <{operandSegmentSizes = array<i32: 1, 1, 1, 0, 1>, domain = array<i64: 1, 10, 8>,
      access = [array<i64: 0, 8, 1, 0>], units = 2 : i64, unsigned_indices = false}> ({
  ^bb0(%sum: f32, %old: f32):
    %n = arith.subf %old, %sum : f32
    hk.yield %n : f32
  }) : (memref<20xi32>, memref<160xf32>, memref<80xf32>, memref<80xf32>) -> ()
  return
}
