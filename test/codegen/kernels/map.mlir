// RUN: hornbeam-opt %s -hk-emit-kernels=vector-bytes=16 | FileCheck %s

// A map is a loop over vectors and, where the end is no whole vector, one with a mask. Equal kernels share a function.
// CHECK-LABEL: func private @kernel_map_
// CHECK-SAME:  (%[[X:[a-z0-9]+]]: memref<10xf32>, %[[Y:[a-z0-9]+]]: memref<10xf32>) attributes {no_inline}
// CHECK:       scf.for
// CHECK:         %[[V:.*]] = vector.load %[[X]]{{.*}} : memref<10xf32>, vector<4xf32>
// CHECK:         %[[N:.*]] = arith.negf %[[V]] : vector<4xf32>
// CHECK:         vector.store %[[N]], %[[Y]]
// CHECK:       vector.constant_mask [2] : vector<4xi1>
// CHECK:       vector.maskedload %[[X]]
// CHECK:       vector.maskedstore %[[Y]]
// CHECK-NOT:   func private @kernel_map_
// CHECK-LABEL: func @twice(
// CHECK-SAME:  %[[A:[a-z0-9]+]]: memref<10xf32>, %[[B:[a-z0-9]+]]: memref<10xf32>
// CHECK-NEXT:  call @[[K:kernel_map_[0-9x_]+]](%[[A]], %[[B]])
// CHECK-NEXT:  call @[[K]](%[[B]], %[[A]])
// CHECK-NEXT:  return
func.func @twice(%a: memref<10xf32>, %b: memref<10xf32>) {
  "hk.map"(%a, %b) <{operandSegmentSizes = array<i32: 1, 1>, domain = array<i64: 10>, access = [array<i64: 1, 0>, array<i64: 1, 0>]}> ({
  ^bb0(%x: f32, %old: f32):
    %y = arith.negf %x : f32
    hk.yield %y : f32
  }) : (memref<10xf32>, memref<10xf32>) -> ()
  "hk.map"(%b, %a) <{operandSegmentSizes = array<i32: 1, 1>, domain = array<i64: 10>, access = [array<i64: 1, 0>, array<i64: 1, 0>]}> ({
  ^bb0(%x: f32, %old: f32):
    %y = arith.negf %x : f32
    hk.yield %y : f32
  }) : (memref<10xf32>, memref<10xf32>) -> ()
  return
}
