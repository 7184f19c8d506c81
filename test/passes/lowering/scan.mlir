// RUN: hornbeam-opt %s --horn-normalize --horn-fuse --horn-schedule --horn-to-kernels --hk-fuse-steps --hk-plan-arena | FileCheck %s

// A loop inside a step. The body's product with all that follows it is one kernel, which reads this step's slice and
// writes to this step's place in the stacked output; the carried value lies in one buffer and is copied there at the end,
// as the product reads all of it.
// CHECK-LABEL: func.func @entry_rnn
// CHECK:       scf.for
// CHECK:         %[[H:.*]] = memref.view
// CHECK:         "hk.map"(%[[H]])
// CHECK:         scf.for %[[I:.*]] =
// CHECK-NEXT:      %[[LAST:.*]] = arith.constant 4 : index
// CHECK-NEXT:      %[[AT:.*]] = arith.subi %[[LAST]], %[[I]] : index
// CHECK-NEXT:      %[[XT:.*]] = hk.slice %[[X:.*]][%[[AT]]] : memref<30xf32> -> memref<6xf32>
// CHECK-NEXT:      %[[YT:.*]] = hk.slice %[[Y:.*]][%[[AT]]] : memref<30xf32> -> memref<6xf32>
// CHECK-NEXT:      "hk.gemm"(%[[H]], %{{.*}}, %[[XT]], %[[YT]])
// CHECK:             math.tanh
// CHECK:           "hk.map"(%[[YT]], %[[H]])
// CHECK:         hk.store_rows %[[Y]]
func.func @rnn(%x: tensor<5x2x3xf32> {horn.role = "state", horn.name = "x"}, %w: tensor<3x3xf32> {horn.role = "state", horn.name = "w"})
    -> (tensor<5x2x3xf32> {horn.role = "batch", horn.name = "y", horn.per_batch = false}) {
  %zero = horn.constant dense<0.0> : tensor<2x3xf32>
  %1:2 = horn.scan init(%zero) xs(%x) invariants(%w) {
  ^bb0(%h: tensor<2x3xf32>, %xt: tensor<2x3xf32>, %u: tensor<3x3xf32>):
    %2 = horn.dot %h, %u {lhs_contract = array<i64: 1>, rhs_contract = array<i64: 0>, lhs_batch = array<i64>, rhs_batch = array<i64>} : (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<2x3xf32>
    %3 = horn.add %2, %xt : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %4 = horn.tanh %3 : (tensor<2x3xf32>) -> tensor<2x3xf32>
    horn.yield %4, %4 : tensor<2x3xf32>, tensor<2x3xf32>
  } {length = 5 : i64, reverse} : (tensor<2x3xf32>, tensor<5x2x3xf32>, tensor<3x3xf32>) -> (tensor<2x3xf32>, tensor<5x2x3xf32>)
  return %1#1 : tensor<5x2x3xf32>
}
