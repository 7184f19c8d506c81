// RUN: hornbeam-opt %s -hk-emit-kernels=vector-bytes=16 | FileCheck %s

// Lanes are groups: each position of the window is a vector of the input times a vector of the kernel.
// CHECK-LABEL: func private @kernel_conv_
// CHECK-SAME:  (%[[X:[a-z0-9]+]]: memref<144xf32>, %[[K:[a-z0-9]+]]: memref<36xf32>, %[[Y:[a-z0-9]+]]: memref<64xf32>)
// CHECK:       vector.load %[[K]]
// CHECK:       vector.load %[[X]]
// CHECK:       vector.fma
// CHECK-NOT:   vector.broadcast
// CHECK:       vector.store {{.*}}%[[Y]]
func.func @depthwise(%x: memref<144xf32>, %k: memref<36xf32>, %y: memref<64xf32>) {
  "hk.conv"(%x, %k, %y) <{operandSegmentSizes = array<i32: 1, 1, 0, 1>, domain = array<i64: 1, 4, 4, 4, 1>, access = [array<i64: 64, 16, 4, 1, 1, 0>],
      tile = array<i64: 2, 1>, input_shape = array<i64: 1, 6, 6, 4>, kernel_shape = array<i64: 3, 3, 1, 4>,
      strides = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 4 : i64, lanes_on_groups}> ({
  ^bb0(%sum: f32, %old: f32):
    hk.yield %sum : f32
  }) : (memref<144xf32>, memref<36xf32>, memref<64xf32>) -> ()
  return
}
