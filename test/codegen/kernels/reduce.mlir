// RUN: hornbeam-opt %s -hk-emit-kernels=vector-bytes=16 --split-input-file | FileCheck %s

// A reduced last axis: lanes hold partial sums, which are folded by shuffles in a fixed order.
// CHECK-LABEL: func private @kernel_reduce_
// CHECK:       scf.for
// CHECK:         scf.for {{.*}} iter_args({{.*}}) -> (vector<4xf32>)
// CHECK:           arith.mulf {{.*}} : vector<4xf32>
// CHECK:           arith.addf {{.*}} : vector<4xf32>
// CHECK:         vector.shuffle {{.*}} [0, 1]
// CHECK:         vector.shuffle {{.*}} [2, 3]
// CHECK:         vector.extract
// CHECK:         math.sqrt {{.*}} : f32
// CHECK:         memref.store
func.func @rows(%x: memref<64xf32>, %y: memref<4xf32>) {
  "hk.reduce"(%x, %y) <{operandSegmentSizes = array<i32: 1, 0, 1>, domain = array<i64: 4>, access = [array<i64: 1, 0>],
      input_domain = array<i64: 4, 16>, input_access = [array<i64: 16, 1, 0>], axes = array<i64: 1>, kind = "sum"}> ({
  ^bb0(%sum: f32, %old: f32):
    %r = math.sqrt %sum : f32
    hk.yield %r : f32
  }, {
  ^bb0(%e: f32):
    %p = arith.mulf %e, %e : f32
    hk.yield %p : f32
  }) : (memref<64xf32>, memref<4xf32>) -> ()
  return
}

// -----

// A kept last axis: each lane reduces a column of its own, nothing is folded.
// CHECK-LABEL: func private @kernel_reduce_
// CHECK:       scf.for {{.*}} iter_args({{.*}}) -> (vector<4xf32>
// CHECK:         arith.maximumf {{.*}} : vector<4xf32>
// CHECK-NOT:   vector.shuffle
// CHECK:       vector.store
// CHECK-LABEL: func @columns
func.func @columns(%x: memref<64xf32>, %y: memref<4xf32>) {
  "hk.reduce"(%x, %y) <{operandSegmentSizes = array<i32: 1, 0, 1>, domain = array<i64: 4>, access = [array<i64: 1, 0>],
      input_domain = array<i64: 16, 4>, input_access = [array<i64: 4, 1, 0>], axes = array<i64: 0>, kind = "max"}> ({
  ^bb0(%most: f32, %old: f32):
    hk.yield %most : f32
  }, {
  ^bb0(%e: f32):
    hk.yield %e : f32
  }) : (memref<64xf32>, memref<4xf32>) -> ()
  return
}
