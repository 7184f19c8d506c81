// RUN: hornbeam-opt %s -horn-normalize | FileCheck %s

// A convolution with padding becomes a pad and a convolution without.
// CHECK-LABEL: func @padded
func.func @padded(%x: tensor<2x8x8x3xf32>, %k: tensor<3x3x3x4xf32>) -> tensor<2x8x8x4xf32> {
  // CHECK: horn.pad {{.*}}-> tensor<2x10x10x3xf32>
  // CHECK: horn.conv {{.*}}padding = array<i64: 0, 0, 0, 0>
  %0 = horn.conv %x, %k {strides = array<i64: 1, 1>, padding = array<i64: 1, 1, 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64}
    : (tensor<2x8x8x3xf32>, tensor<3x3x3x4xf32>) -> tensor<2x8x8x4xf32>
  return %0 : tensor<2x8x8x4xf32>
}

// The data gradient is a convolution with the kernel turned round.
// CHECK-LABEL: func @data_gradient
func.func @data_gradient(%dy: tensor<2x6x6x4xf32>, %k: tensor<3x3x3x4xf32>) -> tensor<2x8x8x3xf32> {
  // CHECK-DAG: horn.reverse
  // CHECK-DAG: horn.pad {{.*}}-> tensor<2x10x10x4xf32>
  // CHECK: horn.conv {{.*}}-> tensor<2x8x8x3xf32>
  // CHECK-NOT: conv_backward_data
  %0 = horn.conv_backward_data %dy, %k {input_shape = array<i64: 2, 8, 8, 3>, strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64}
    : (tensor<2x6x6x4xf32>, tensor<3x3x3x4xf32>) -> tensor<2x8x8x3xf32>
  return %0 : tensor<2x8x8x3xf32>
}

// A product with a vector is elementwise work and a reduction.
// CHECK-LABEL: func @vector
func.func @vector(%a: tensor<8x20xf32>, %b: tensor<20x1xf32>) -> tensor<8x1xf32> {
  // CHECK: horn.multiply {{.*}}tensor<8x20xf32>
  // CHECK: horn.reduce_sum
  // CHECK-NOT: horn.dot
  %0 = horn.dot %a, %b {lhs_contract = array<i64: 1>, rhs_contract = array<i64: 0>, lhs_batch = array<i64>, rhs_batch = array<i64>}
    : (tensor<8x20xf32>, tensor<20x1xf32>) -> tensor<8x1xf32>
  return %0 : tensor<8x1xf32>
}

// Free axes that stand together become one.
// CHECK-LABEL: func @sequence
func.func @sequence(%a: tensor<4x5x20xf32>, %b: tensor<20x6xf32>) -> tensor<4x5x6xf32> {
  // CHECK: horn.reshape {{.*}}-> tensor<20x20xf32>
  // CHECK: horn.dot {{.*}}-> tensor<20x6xf32>
  // CHECK: horn.reshape {{.*}}-> tensor<4x5x6xf32>
  %0 = horn.dot %a, %b {lhs_contract = array<i64: 2>, rhs_contract = array<i64: 0>, lhs_batch = array<i64>, rhs_batch = array<i64>}
    : (tensor<4x5x20xf32>, tensor<20x6xf32>) -> tensor<4x5x6xf32>
  return %0 : tensor<4x5x6xf32>
}

// With groups it is one convolution all the same: the kernel's two feature axes change places group by group.
// CHECK-LABEL: func @grouped_data_gradient
func.func @grouped_data_gradient(%dy: tensor<2x6x6x6xf32>, %k: tensor<3x3x2x6xf32>) -> tensor<2x8x8x4xf32> {
  // CHECK: horn.transpose {{.*}}permutation = array<i64: 0, 1, 4, 3, 2>{{.*}}-> tensor<3x3x3x2x2xf32>
  // CHECK: horn.reshape {{.*}}-> tensor<3x3x3x4xf32>
  // CHECK: horn.conv {{.*}}groups = 2 : i64{{.*}}-> tensor<2x8x8x4xf32>
  // CHECK-NOT: horn.conv
  %0 = horn.conv_backward_data %dy, %k {input_shape = array<i64: 2, 8, 8, 4>, strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, dilation = array<i64: 1, 1>, groups = 2 : i64}
    : (tensor<2x6x6x6xf32>, tensor<3x3x2x6xf32>) -> tensor<2x8x8x4xf32>
  return %0 : tensor<2x8x8x4xf32>
}

// Sums at places have indices in a row, and one axis at most on each side of the places.
// CHECK-LABEL: func @places
func.func @places(%i: tensor<2x3xi32>, %dy: tensor<4x2x3x5x6xf32>) -> tensor<4x9x5x6xf32> {
  // CHECK-DAG: horn.reshape {{.*}}-> tensor<6xi32>
  // CHECK-DAG: horn.reshape {{.*}}-> tensor<4x6x30xf32>
  // CHECK: horn.take_backward {{.*}}input_shape = array<i64: 4, 9, 30>
  // CHECK: horn.reshape {{.*}}-> tensor<4x9x5x6xf32>
  %0 = horn.take_backward %i, %dy {axis = 1 : i64, input_shape = array<i64: 4, 9, 5, 6>} : (tensor<2x3xi32>, tensor<4x2x3x5x6xf32>) -> tensor<4x9x5x6xf32>
  return %0 : tensor<4x9x5x6xf32>
}
