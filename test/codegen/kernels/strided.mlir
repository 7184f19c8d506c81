// RUN: hornbeam-opt %s -hk-emit-kernels=vector-bytes=16 | FileCheck %s

// An operand with gaps is gathered, a broadcast one is loaded once, a boolean is an i1 in registers and a byte in
// memory, and the position is counted on.
// CHECK-LABEL: func private @kernel_map_
// CHECK-SAME:  (%[[A:[a-z0-9]+]]: memref<64xf32>, %[[B:[a-z0-9]+]]: memref<8xf32>, %[[P:[a-z0-9]+]]: memref<32xi8>, %[[O:[a-z0-9]+]]: memref<32xf32>)
// CHECK:       vector.gather %[[A]]
// CHECK:       %[[ONE:.*]] = memref.load %[[B]]
// CHECK:       vector.broadcast %[[ONE]] : f32 to vector<4xf32>
// CHECK:       vector.load %[[P]]{{.*}} vector<4xi8>
// CHECK:       arith.cmpi ne, {{.*}} : vector<4xi8>
// CHECK:       arith.constant dense<[0, 1, 2, 3]> : vector<4xi32>
// CHECK:       arith.select {{.*}} : vector<4xi1>, vector<4xf32>
// CHECK:       vector.store {{.*}}%[[O]]
func.func @strided(%a: memref<64xf32>, %b: memref<8xf32>, %p: memref<32xi8>, %o: memref<32xf32>) {
  "hk.map"(%a, %b, %p, %o) <{operandSegmentSizes = array<i32: 3, 1>, domain = array<i64: 8, 4>,
      access = [array<i64: 8, 2, 0>, array<i64: 1, 0, 0>, array<i64: 4, 1, 0>, array<i64: 4, 1, 0>]}> ({
  ^bb0(%x: f32, %y: f32, %q: i1, %old: f32):
    %i = hk.position [0, 1, 0]
    %f = arith.sitofp %i : i32 to f32
    %s = arith.addf %y, %f : f32
    %r = arith.select %q, %x, %s : f32
    hk.yield %r : f32
  }) : (memref<64xf32>, memref<8xf32>, memref<32xi8>, memref<32xf32>) -> ()
  return
}
