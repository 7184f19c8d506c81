// RUN: hornbeam-opt %s -hk-emit-kernels=vector-bytes=16 --split-input-file | FileCheck %s

// The index is the same in all lanes: a row of the table is loaded as vectors, the index once.
// CHECK-LABEL: func private @kernel_map_
// CHECK-SAME:  (%[[I:[a-z0-9]+]]: memref<5xi64>, %[[T:[a-z0-9]+]]: memref<80xf32>, %[[O:[a-z0-9]+]]: memref<40xf32>)
// CHECK:       %[[INDEX:.*]] = memref.load %[[I]]
// CHECK:       %[[AT:.*]] = arith.index_cast %[[INDEX]] : i64 to index
// CHECK:       arith.muli %[[AT]]
// CHECK:       vector.load %[[T]]
// CHECK-NOT:   vector.gather
// CHECK:       vector.store {{.*}}%[[O]]
func.func @rows(%i: memref<5xi64>, %t: memref<80xf32>, %o: memref<40xf32>) {
  "hk.map"(%i, %t, %o) <{operandSegmentSizes = array<i32: 2, 1>, domain = array<i64: 5, 8>,
      access = [array<i64: 1, 0, 0>, array<i64: 0, 0, 0>, array<i64: 8, 1, 0>]}> ({
  ^bb0(%index: i64, %table: f32, %old: f32):
    %e = hk.element %table[%index * 8] + [0, 1, 0] : f32 -> f32
    hk.yield %e : f32
  }) : (memref<5xi64>, memref<80xf32>, memref<40xf32>) -> ()
  return
}

// -----

// Each lane has an index of its own: a gather.
// CHECK-LABEL: func private @kernel_map_
// CHECK-SAME:  (%[[I:[a-z0-9]+]]: memref<8xi64>, %[[T:[a-z0-9]+]]: memref<80xf32>
// CHECK:       %[[INDICES:.*]] = vector.load %[[I]]
// CHECK:       arith.index_cast %[[INDICES]] : vector<4xi64> to vector<4xindex>
// CHECK:       vector.gather %[[T]]
func.func @lanes(%i: memref<8xi64>, %t: memref<80xf32>, %o: memref<8xf32>) {
  "hk.map"(%i, %t, %o) <{operandSegmentSizes = array<i32: 2, 1>, domain = array<i64: 8>,
      access = [array<i64: 1, 0>, array<i64: 0, 0>, array<i64: 1, 0>]}> ({
  ^bb0(%index: i64, %table: f32, %old: f32):
    %e = hk.element %table[%index * 1] + [0, 0] : f32 -> f32
    hk.yield %e : f32
  }) : (memref<8xi64>, memref<80xf32>, memref<8xf32>) -> ()
  return
}
