// RUN: hornbeam-opt %s -hk-plan-arena | FileCheck %s

// Three temporaries of 1024 bytes in a chain: each lives until the next is made, so two places are enough.
// CHECK-LABEL: func @entry_chain(
// CHECK-SAME:  %[[ARENA:[a-z0-9]+]]: memref<2048xi8>
// CHECK-SAME:  hk.arena_bytes = 2048 : i64
// CHECK-NOT:   memref.alloc
// CHECK:       scf.for
// CHECK-NEXT:  %[[ZERO:.*]] = arith.constant 0 : index
// CHECK-NEXT:  %[[A:.*]] = memref.view %[[ARENA]][%[[ZERO]]]
// CHECK:       "hk.map"(%{{.*}}, %[[A]])
// CHECK:       %[[KB:.*]] = arith.constant 1024 : index
// CHECK-NEXT:  %[[B:.*]] = memref.view %[[ARENA]][%[[KB]]]
// CHECK:       "hk.map"(%[[A]], %[[B]])
// CHECK:       %[[ZERO2:.*]] = arith.constant 0 : index
// CHECK-NEXT:  %[[C:.*]] = memref.view %[[ARENA]][%[[ZERO2]]]
// CHECK:       "hk.map"(%[[B]], %[[C]])
func.func @entry_chain(%weights: memref<1024xi8>, %slots: memref<1xi8>, %metrics: memref<1xi8>, %arena: memref<1xi8>,
                       %rows: memref<8xi64>, %steps: index, %thread: index, %threads: index, %call: !llvm.ptr)
    attributes {hk.entry = "chain", hk.batch_size = 0 : i64} {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %w = memref.view %weights[%zero][] : memref<1024xi8> to memref<256xf32>
  scf.for %i = %zero to %steps step %one {
    %a = memref.alloc() : memref<256xf32>
    "hk.map"(%w, %a) <{operandSegmentSizes = array<i32: 1, 1>, domain = array<i64: 256>, access = [array<i64: 1, 0>, array<i64: 1, 0>]}> ({
    ^bb0(%x: f32, %old: f32):
      hk.yield %x : f32
    }) : (memref<256xf32>, memref<256xf32>) -> ()
    %b = memref.alloc() : memref<256xf32>
    "hk.map"(%a, %b) <{operandSegmentSizes = array<i32: 1, 1>, domain = array<i64: 256>, access = [array<i64: 1, 0>, array<i64: 1, 0>]}> ({
    ^bb0(%x: f32, %old: f32):
      hk.yield %x : f32
    }) : (memref<256xf32>, memref<256xf32>) -> ()
    %c = memref.alloc() : memref<256xf32>
    "hk.map"(%b, %c) <{operandSegmentSizes = array<i32: 1, 1>, domain = array<i64: 256>, access = [array<i64: 1, 0>, array<i64: 1, 0>]}> ({
    ^bb0(%x: f32, %old: f32):
      hk.yield %x : f32
    }) : (memref<256xf32>, memref<256xf32>) -> ()
    "hk.map"(%c, %w) <{operandSegmentSizes = array<i32: 1, 1>, domain = array<i64: 256>, access = [array<i64: 1, 0>, array<i64: 1, 0>]}> ({
    ^bb0(%x: f32, %old: f32):
      hk.yield %x : f32
    }) : (memref<256xf32>, memref<256xf32>) -> ()
  }
  return
}

// Without temporaries there is no arena; a function that is no entry is left alone.
// CHECK-LABEL: func @entry_nothing(
// CHECK-SAME:  memref<1xi8>, %{{[a-z0-9]+}}: memref<8xi64>
// CHECK-SAME:  hk.arena_bytes = 0 : i64
func.func @entry_nothing(%weights: memref<1xi8>, %slots: memref<1xi8>, %metrics: memref<1xi8>, %arena: memref<1xi8>,
                         %rows: memref<8xi64>, %steps: index, %thread: index, %threads: index, %call: !llvm.ptr)
    attributes {hk.entry = "nothing", hk.batch_size = 0 : i64} {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  scf.for %i = %zero to %steps step %one {
  }
  return
}
// CHECK-LABEL: func @other
// CHECK-NEXT:  memref.alloc
func.func @other() {
  %a = memref.alloc() : memref<256xf32>
  return
}
