// RUN: hornbeam-opt %s -horn-fuse --split-input-file --verify-diagnostics | FileCheck %s

// A product and the elementwise ops at its points are one group; the broadcast between them only moves, and has none.
// CHECK-LABEL: @dense
// CHECK:       horn.dot {{.*}}horn.group = 0 : i64
// CHECK-NEXT:  horn.broadcast %{{[a-z0-9]+}} {axes = array<i64: 1>, shape = array<i64: 32, 16>}
// CHECK-NEXT:  horn.add {{.*}}{horn.group = 0 : i64}
// CHECK-NEXT:  horn.relu {{.*}}{horn.group = 0 : i64}
func.func @dense(%x: tensor<32x20xf32>, %w: tensor<20x16xf32>, %b: tensor<16xf32>) -> tensor<32x16xf32> {
  %0 = horn.broadcast %b {shape = array<i64: 32, 16>, axes = array<i64: 1>} : (tensor<16xf32>) -> tensor<32x16xf32>
  %1 = horn.dot %x, %w {lhs_contract = array<i64: 1>, rhs_contract = array<i64: 0>, lhs_batch = array<i64>, rhs_batch = array<i64>}
    : (tensor<32x20xf32>, tensor<20x16xf32>) -> tensor<32x16xf32>
  %2 = horn.add %1, %0 : (tensor<32x16xf32>, tensor<32x16xf32>) -> tensor<32x16xf32>
  %3 = horn.relu %2 : (tensor<32x16xf32>) -> tensor<32x16xf32>
  return %3 : tensor<32x16xf32>
}

// -----

// What a reduction alone reads is computed in its body, what follows in its epilogue.
// CHECK-LABEL: @norm
// CHECK-NEXT:  horn.multiply {{.*}}{horn.body, horn.group = 0 : i64}
// CHECK-NEXT:  horn.reduce_sum {{.*}}{axes = array<i64: 1>, horn.group = 0 : i64}
// CHECK-NEXT:  horn.sqrt {{.*}}{horn.group = 0 : i64}
func.func @norm(%x: tensor<8x32xf32>) -> tensor<8xf32> {
  %0 = horn.multiply %x, %x : (tensor<8x32xf32>, tensor<8x32xf32>) -> tensor<8x32xf32>
  %1 = horn.reduce_sum %0 {axes = array<i64: 1>} : (tensor<8x32xf32>) -> tensor<8xf32>
  %2 = horn.sqrt %1 : (tensor<8xf32>) -> tensor<8xf32>
  return %2 : tensor<8xf32>
}

// -----

// What is read at other points is computed before: softmax's maximum, then its sum, then the quotient.
// CHECK-LABEL: @three
// CHECK:       horn.reduce_max {{.*}}horn.group = 0 : i64
// CHECK:       horn.exp {{.*}}horn.group = 1 : i64
// CHECK:       horn.reduce_sum {{.*}}horn.group = 2 : i64
// CHECK:       horn.divide {{.*}}horn.group = 3 : i64
func.func @three(%x: tensor<8x32xf32>) -> tensor<8x32xf32> {
  %0 = horn.reduce_max %x {axes = array<i64: 1>} : (tensor<8x32xf32>) -> tensor<8xf32>
  %1 = horn.broadcast %0 {shape = array<i64: 8, 32>, axes = array<i64: 0>} : (tensor<8xf32>) -> tensor<8x32xf32>
  %2 = horn.subtract %x, %1 : (tensor<8x32xf32>, tensor<8x32xf32>) -> tensor<8x32xf32>
  %3 = horn.exp %2 : (tensor<8x32xf32>) -> tensor<8x32xf32>
  %4 = horn.reduce_sum %3 {axes = array<i64: 1>} : (tensor<8x32xf32>) -> tensor<8xf32>
  %5 = horn.broadcast %4 {shape = array<i64: 8, 32>, axes = array<i64: 0>} : (tensor<8xf32>) -> tensor<8x32xf32>
  %6 = horn.divide %3, %5 : (tensor<8x32xf32>, tensor<8x32xf32>) -> tensor<8x32xf32>
  return %6 : tensor<8x32xf32>
}

// -----

// A product reads its operands as they lie in memory: a transpose that it cannot see through is a group of its own.
// CHECK-LABEL: @turned
// CHECK-NEXT:  %[[T:.*]] = horn.transpose {{.*}}{horn.group = 0 : i64, permutation
// CHECK-NEXT:  horn.dot %[[T]]{{.*}}horn.group = 1 : i64
func.func @turned(%x: tensor<20x32xf32>, %w: tensor<20x16xf32>) -> tensor<32x16xf32> {
  %0 = horn.transpose %x {permutation = array<i64: 1, 0>} : (tensor<20x32xf32>) -> tensor<32x20xf32>
  %1 = horn.dot %0, %w {lhs_contract = array<i64: 1>, rhs_contract = array<i64: 0>, lhs_batch = array<i64>, rhs_batch = array<i64>}
    : (tensor<32x20xf32>, tensor<20x16xf32>) -> tensor<32x16xf32>
  return %1 : tensor<32x16xf32>
}

// -----

func.func @fused_op(%x: tensor<8x32xf32>) -> tensor<8x32xf32> {
  // expected-error@+1 {{no kernel computes horn.softmax yet}}
  %0 = horn.softmax %x {axis = 1 : i64} : (tensor<8x32xf32>) -> tensor<8x32xf32>
  return %0 : tensor<8x32xf32>
}
