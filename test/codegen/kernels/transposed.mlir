// RUN: hornbeam-opt %s -hk-emit-kernels=vector-bytes=16 | FileCheck %s

// A transpose of 4x6: blocks of 4x4 are loaded along the rows of the input, turned by two rounds of shuffles and stored
// along the rows of the output. The last block has two columns.
// CHECK-LABEL: func private @kernel_map_
// CHECK-SAME:  (%[[X:[a-z0-9]+]]: memref<24xf32>, %[[Y:[a-z0-9]+]]: memref<24xf32>)
// CHECK-COUNT-4: vector.load %[[X]]
// CHECK-COUNT-8: vector.shuffle
// CHECK-COUNT-4: vector.store {{.*}}, %[[Y]]
// CHECK-COUNT-4: vector.maskedload %[[X]]
// CHECK-COUNT-8: vector.shuffle
// CHECK-COUNT-2: vector.store {{.*}}, %[[Y]]
// CHECK-NOT:   vector.gather
func.func @turn(%x: memref<24xf32>, %y: memref<24xf32>) {
  "hk.map"(%x, %y) <{operandSegmentSizes = array<i32: 1, 1>, domain = array<i64: 6, 4>,
      access = [array<i64: 1, 6, 0>, array<i64: 4, 1, 0>]}> ({
  ^bb0(%a: f32, %old: f32):
    hk.yield %a : f32
  }) : (memref<24xf32>, memref<24xf32>) -> ()
  return
}
