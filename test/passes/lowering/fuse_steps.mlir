// RUN: hornbeam-opt %s -hk-fuse-steps | FileCheck %s

// One step becomes a loop over steps: state is a view that stays in place, the batch's rows are gathered by their
// numbers, and what is made for each batch is stored behind that of the step before.
// CHECK-LABEL: func @entry_step(
// CHECK-SAME:  %[[WEIGHTS:[a-z0-9]+]]: memref<16xi8>, %{{[a-z0-9]+}}: memref<1xi8>, %{{[a-z0-9]+}}: memref<1xi8>, %{{[a-z0-9]+}}: memref<1xi8>
// CHECK-SAME:  %[[X:[a-z0-9]+]]: memref<4398046511104xf32> {horn.name = "x", horn.role = "batch", horn.type = tensor<2x4xf32>}
// CHECK-SAME:  %[[Y:[a-z0-9]+]]: memref<8796093022208xf32> {horn.name = "y", horn.per_batch = true, horn.role = "output", horn.type = tensor<2x4xf32>}
// CHECK-SAME:  %[[ROWS:[a-z0-9]+]]: memref<1099511627776xi64>, %[[STEPS:[a-z0-9]+]]: index
// CHECK-SAME:  attributes {hk.batch_size = 2 : i64, hk.entry = "step"}
// CHECK:       %[[W:.*]] = memref.view %[[WEIGHTS]][%{{.*}}][] : memref<16xi8> to memref<4xf32>
// CHECK:       scf.for %[[I:.*]] = %{{.*}} to %[[STEPS]]
// CHECK-NEXT:    %[[IN:.*]] = memref.alloc() : memref<8xf32>
// CHECK-NEXT:    hk.gather_rows %[[X]][%[[ROWS]]], %[[I]], %[[IN]] {batch = 2 : i64}
// CHECK-NEXT:    %[[OUT:.*]] = memref.alloc() : memref<8xf32>
// CHECK-NEXT:    "hk.map"(%[[IN]], %[[W]], %[[OUT]])
// CHECK:         %[[N:.*]] = arith.constant 8 : index
// CHECK-NEXT:    %[[AT:.*]] = arith.muli %[[I]], %[[N]]
// CHECK-NEXT:    hk.store_rows %[[OUT]], %[[Y]][%[[AT]]]
func.func @step(%w: memref<4xf32> {horn.role = "state", horn.name = "w", horn.type = tensor<4xf32>},
                %x: memref<8xf32> {horn.role = "batch", horn.name = "x", horn.type = tensor<2x4xf32>},
                %y: memref<8xf32> {horn.role = "output", horn.name = "y", horn.per_batch = true, horn.type = tensor<2x4xf32>}) {
  %0 = memref.alloc() : memref<8xf32>
  "hk.map"(%x, %w, %0) <{operandSegmentSizes = array<i32: 2, 1>, domain = array<i64: 2, 4>,
      access = [array<i64: 4, 1, 0>, array<i64: 0, 1, 0>, array<i64: 4, 1, 0>]}> ({
  ^bb0(%a: f32, %b: f32, %old: f32):
    %1 = arith.mulf %a, %b : f32
    hk.yield %1 : f32
  }) : (memref<8xf32>, memref<4xf32>, memref<8xf32>) -> ()
  %first = arith.constant 0 : index
  hk.store_rows %0, %y[%first] : memref<8xf32>, memref<8xf32>
  return
}

// What is made once is stored over the step before's; steps that name the same variable share its place.
// CHECK-LABEL: func @entry_total(
// CHECK-SAME:  %[[WEIGHTS:[a-z0-9]+]]: memref<16xi8>
// CHECK-SAME:  %[[S:[a-z0-9]+]]: memref<4398046511104xf32> {horn.name = "s", horn.per_batch = false
// CHECK:       %[[ZERO:.*]] = arith.constant 0 : index
// CHECK-NEXT:  %[[W:.*]] = memref.view %[[WEIGHTS]][%[[ZERO]]]
// CHECK:       scf.for
// CHECK-NEXT:    %[[FIRST:.*]] = arith.constant 0 : index
// CHECK-NEXT:    hk.store_rows %[[W]], %[[S]][%[[FIRST]]]
func.func @total(%w: memref<4xf32> {horn.role = "state", horn.name = "w", horn.type = tensor<4xf32>},
                 %s: memref<4xf32> {horn.role = "output", horn.name = "s", horn.per_batch = false, horn.type = tensor<4xf32>}) {
  %first = arith.constant 0 : index
  hk.store_rows %w, %s[%first] : memref<4xf32>, memref<4xf32>
  return
}

// A step that was made for a part of the batch: the loop takes as many turns more, and the ports are of the whole batch.
// CHECK-LABEL: func @entry_parts(
// CHECK-SAME:  horn.name = "x", horn.role = "batch", horn.type = tensor<8x4xf32>
// CHECK-SAME:  horn.name = "y", horn.per_batch = true, horn.role = "output", horn.type = tensor<8x4xf32>
// CHECK-SAME:  %[[STEPS:[a-z0-9]+]]: index, %{{[a-z0-9]+}}: index, %{{[a-z0-9]+}}: index, %{{[a-z0-9]+}}: !llvm.ptr
// CHECK-SAME:  attributes {hk.batch_size = 8 : i64, hk.entry = "parts"}
// CHECK:       %[[PARTS:.*]] = arith.constant 4 : index
// CHECK-NEXT:  %[[TURNS:.*]] = arith.muli %[[STEPS]], %[[PARTS]]
// CHECK:       scf.for %[[I:.*]] = %{{.*}} to %[[TURNS]]
// CHECK:         hk.gather_rows %{{.*}}, %[[I]], %{{.*}} {batch = 2 : i64}
func.func @parts(%x: memref<8xf32> {horn.role = "batch", horn.name = "x", horn.type = tensor<2x4xf32>},
                 %y: memref<8xf32> {horn.role = "output", horn.name = "y", horn.per_batch = true, horn.type = tensor<2x4xf32>})
    attributes {horn.parts = 4 : i64} {
  %first = arith.constant 0 : index
  hk.store_rows %x, %y[%first] : memref<8xf32>, memref<8xf32>
  return
}
