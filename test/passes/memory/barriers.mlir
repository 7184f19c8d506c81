// RUN: hornbeam-opt %s -hk-place-barriers | FileCheck %s

// A kernel that reads what threads have written together waits for all of them; one that touches something else does
// not; what is not shared is done by thread 0; at the end of the step all wait.
// CHECK-LABEL: func @entry_shared(
// CHECK-SAME:  %[[THREAD:[a-z0-9]+]]: index, %{{[a-z0-9]+}}: index, %{{[a-z0-9]+}}: !llvm.ptr)
// CHECK-SAME:  hk.threads = 2 : i64
// CHECK:       %[[W:.*]] = memref.view
// CHECK:       %[[A:.*]] = memref.view
// CHECK:       %[[B:.*]] = memref.view
// CHECK:       scf.for
// CHECK-NEXT:    "hk.map"(%[[W]], %[[A]])
// CHECK-NOT:     hk.barrier
// CHECK:         "hk.map"(%[[W]], %[[B]])
// CHECK:         hk.barrier
// CHECK-NEXT:    %[[ZERO:.*]] = arith.constant 0 : index
// CHECK-NEXT:    %[[FIRST:.*]] = arith.cmpi eq, %[[THREAD]], %[[ZERO]]
// CHECK-NEXT:    scf.if %[[FIRST]]
// CHECK-NEXT:      "hk.map"(%[[A]], %[[B]])
// CHECK:         hk.barrier
// CHECK-NEXT:  }
func.func @entry_shared(%weights: memref<1024xi8>, %slots: memref<1xi8>, %metrics: memref<1xi8>, %arena: memref<2048xi8>,
                        %rows: memref<8xi64>, %steps: index, %thread: index, %threads: index, %call: !llvm.ptr)
    attributes {hk.entry = "shared", hk.batch_size = 0 : i64} {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %kb = arith.constant 1024 : index
  %w = memref.view %weights[%zero][] : memref<1024xi8> to memref<256xf32>
  %a = memref.view %arena[%zero][] : memref<2048xi8> to memref<256xf32>
  %b = memref.view %arena[%kb][] : memref<2048xi8> to memref<256xf32>
  scf.for %i = %zero to %steps step %one {
    "hk.map"(%w, %a) <{operandSegmentSizes = array<i32: 1, 1>, units = 2 : i64, domain = array<i64: 256>, access = [array<i64: 1, 0>, array<i64: 1, 0>]}> ({
    ^bb0(%x: f32, %old: f32):
      hk.yield %x : f32
    }) : (memref<256xf32>, memref<256xf32>) -> ()
    "hk.map"(%w, %b) <{operandSegmentSizes = array<i32: 1, 1>, units = 2 : i64, domain = array<i64: 256>, access = [array<i64: 1, 0>, array<i64: 1, 0>]}> ({
    ^bb0(%x: f32, %old: f32):
      hk.yield %x : f32
    }) : (memref<256xf32>, memref<256xf32>) -> ()
    "hk.map"(%a, %b) <{operandSegmentSizes = array<i32: 1, 1>, domain = array<i64: 256>, access = [array<i64: 1, 0>, array<i64: 1, 0>]}> ({
    ^bb0(%x: f32, %old: f32):
      hk.yield %x : f32
    }) : (memref<256xf32>, memref<256xf32>) -> ()
  }
  return
}

// With nothing to share there is no barrier.
// CHECK-LABEL: func @entry_alone(
// CHECK-SAME:  hk.threads = 1 : i64
// CHECK-NOT:   hk.barrier
func.func @entry_alone(%weights: memref<1024xi8>, %slots: memref<1xi8>, %metrics: memref<1xi8>, %arena: memref<1xi8>,
                       %rows: memref<8xi64>, %steps: index, %thread: index, %threads: index, %call: !llvm.ptr)
    attributes {hk.entry = "alone", hk.batch_size = 0 : i64} {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %w = memref.view %weights[%zero][] : memref<1024xi8> to memref<256xf32>
  scf.for %i = %zero to %steps step %one {
    "hk.map"(%w, %w) <{operandSegmentSizes = array<i32: 1, 1>, domain = array<i64: 256>, access = [array<i64: 1, 0>, array<i64: 1, 0>]}> ({
    ^bb0(%x: f32, %old: f32):
      %y = arith.negf %x : f32
      hk.yield %y : f32
    }) : (memref<256xf32>, memref<256xf32>) -> ()
  }
  return
}
