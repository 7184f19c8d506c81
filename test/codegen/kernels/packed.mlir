// RUN: hornbeam-opt %s -hk-emit-kernels=vector-bytes=16 | FileCheck %s

// Both operands packed: depth by depth two rows of lhs side by side, and four columns of rhs.
// CHECK-LABEL: func private @kernel_gemm_
// CHECK-SAME:  (%[[L:[a-z0-9]+]]: memref<20xf32>, %[[R:[a-z0-9]+]]: memref<40xf32>, %[[O:[a-z0-9]+]]: memref<32xf32>)
// CHECK:       scf.for %[[J:.*]] = %c0
// CHECK:         scf.for %[[I:.*]] = %c0
// CHECK:           scf.for %[[K:.*]] = %c0{{.*}} iter_args
// CHECK:             %[[DEPTH:.*]] = arith.constant 4 : index
// CHECK-NEXT:        arith.muli %[[K]], %[[DEPTH]] overflow<nsw>
// CHECK:             %[[COLUMN:.*]] = arith.constant 5 : index
// CHECK-NEXT:        arith.muli %[[J]], %[[COLUMN]] overflow<nsw>
// CHECK:             vector.load %[[R]]
// CHECK:             %[[ROW:.*]] = arith.constant 5 : index
// CHECK-NEXT:        arith.muli %[[I]], %[[ROW]] overflow<nsw>
// CHECK:             memref.load %[[L]]
func.func @product(%l: memref<20xf32>, %r: memref<40xf32>, %o: memref<32xf32>) {
  "hk.gemm"(%l, %r, %o) <{operandSegmentSizes = array<i32: 1, 1, 0, 1>, domain = array<i64: 1, 4, 8>, access = [array<i64: 0, 8, 1, 0>],
      tile = array<i64: 2, 1>, lhs_strides = array<i64: 20, 5, 2, 1>, rhs_strides = array<i64: 40, 4, 5>, depth = 5 : i64}> ({
  ^bb0(%sum: f32, %old: f32):
    hk.yield %sum : f32
  }) : (memref<20xf32>, memref<40xf32>, memref<32xf32>) -> ()
  return
}
