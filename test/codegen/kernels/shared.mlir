// RUN: hornbeam-opt %s -hk-emit-kernels=vector-bytes=16 | FileCheck %s

// A kernel in two parts takes the thread's number and does its share; a barrier is a call with the call's own data.
// CHECK-LABEL: func private @kernel_map_
// CHECK-SAME:  memref<4096xf32>, %[[THREAD:[a-z0-9]+]]: index, %[[THREADS:[a-z0-9]+]]: index)
// CHECK:       arith.muli %[[THREAD]]
// CHECK:       arith.divui {{.*}}, %[[THREADS]]
// CHECK:       scf.for
// CHECK-LABEL: func private @hornbeam_barrier(!llvm.ptr)
// CHECK-LABEL: func @entry_f(
// CHECK-SAME:  %[[T:[a-z0-9]+]]: index, %[[N:[a-z0-9]+]]: index, %[[CALL:[a-z0-9]+]]: !llvm.ptr)
// CHECK:       call @kernel_map_{{.*}}(%{{.*}}, %[[T]], %[[N]])
// CHECK-NEXT:  call @hornbeam_barrier(%[[CALL]])
func.func @entry_f(%w: memref<4096xf32>, %rows: memref<8xi64>, %steps: index, %thread: index, %threads: index, %call: !llvm.ptr) {
  "hk.map"(%w, %w) <{operandSegmentSizes = array<i32: 1, 1>, units = 2 : i64, domain = array<i64: 4096>, access = [array<i64: 1, 0>, array<i64: 1, 0>]}> ({
  ^bb0(%x: f32, %old: f32):
    %y = arith.negf %x : f32
    hk.yield %y : f32
  }) : (memref<4096xf32>, memref<4096xf32>) -> ()
  hk.barrier
  return
}
