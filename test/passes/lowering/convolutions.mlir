// RUN: hornbeam-opt %s -horn-fuse -horn-schedule -horn-to-kernels | FileCheck %s

// A window of one element is a matrix product of all places with the kernel.
// CHECK-LABEL: func @pointwise
// CHECK-NOT:   "hk.conv"
// CHECK:       "hk.gemm"
// CHECK-SAME:  access = [array<i64: 0, 0, 1, 0>, array<i64: 0, 6, 1, 0>], depth = 3 : i64, domain = array<i64: 1, 40, 6>
// CHECK-SAME:  lhs_strides = array<i64: 0, 3, 1>
func.func @pointwise(%x: tensor<2x4x5x3xf32> {horn.role = "batch", horn.name = "x"}, %w: tensor<1x1x3x6xf32> {horn.role = "state", horn.name = "w"}, %b: tensor<6xf32> {horn.role = "state", horn.name = "b"})
    -> (tensor<2x4x5x6xf32> {horn.role = "batch", horn.name = "y", horn.per_batch = true}) {
  %0 = horn.conv %x, %w {strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64}
    : (tensor<2x4x5x3xf32>, tensor<1x1x3x6xf32>) -> tensor<2x4x5x6xf32>
  %1 = horn.broadcast %b {shape = array<i64: 2, 4, 5, 6>, axes = array<i64: 3>} : (tensor<6xf32>) -> tensor<2x4x5x6xf32>
  %2 = horn.add %0, %1 : (tensor<2x4x5x6xf32>, tensor<2x4x5x6xf32>) -> tensor<2x4x5x6xf32>
  return %2 : tensor<2x4x5x6xf32>
}

// Its gradient by the kernel too, in parts of the 1536 places, which are added up at the end.
// CHECK-LABEL: func @pointwise_kernel_grad
// CHECK:       %[[SUMS:.*]] = memref.alloc() : memref<36xf32>
// CHECK:       "hk.gemm"(%{{.*}}, %{{.*}}, %[[SUMS]])
// CHECK-SAME:  depth = 768 : i64, domain = array<i64: 2, 3, 6>
// CHECK:       "hk.reduce"(%[[SUMS]], %{{.*}})
// CHECK-SAME:  axes = array<i64: 0>, domain = array<i64: 1, 1, 3, 6>
func.func @pointwise_kernel_grad(%x: tensor<6x16x16x3xf32> {horn.role = "batch", horn.name = "x"}, %g: tensor<6x16x16x6xf32> {horn.role = "batch", horn.name = "g"})
    -> (tensor<1x1x3x6xf32> {horn.role = "batch", horn.name = "y", horn.per_batch = false}) {
  %0 = horn.conv_backward_kernel %x, %g {kernel_shape = array<i64: 1, 1, 3, 6>, strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64}
    : (tensor<6x16x16x3xf32>, tensor<6x16x16x6xf32>) -> tensor<1x1x3x6xf32>
  return %0 : tensor<1x1x3x6xf32>
}

// The gradient by the input of a convolution with strides: of four phases each meets its own positions of the kernel, and
// writes every other element of every other row.
// CHECK-LABEL: func @strided_input_grad
// CHECK:       %[[WIDE:.*]] = memref.alloc() : memref<100xf32>
// CHECK:       "hk.conv"(%[[WIDE]], %{{.*}})
// CHECK-SAME:  access = [array<i64: 128, 32, 4, 1, 0>], {{.*}}domain = array<i64: 1, 4, 4, 2>, {{.*}}kernel_shape = array<i64: 1, 1, 4, 2>, {{.*}}start = array<i64: 0, 0>
// CHECK:       "hk.conv"(%[[WIDE]], %{{.*}})
// CHECK-SAME:  access = [array<i64: 128, 32, 4, 1, 2>], {{.*}}kernel_shape = array<i64: 1, 2, 4, 2>
// CHECK:       "hk.conv"(%[[WIDE]], %{{.*}})
// CHECK-SAME:  access = [array<i64: 128, 32, 4, 1, 16>], {{.*}}kernel_shape = array<i64: 2, 1, 4, 2>
// CHECK:       "hk.conv"(%[[WIDE]], %{{.*}})
// CHECK-SAME:  access = [array<i64: 128, 32, 4, 1, 18>], {{.*}}kernel_shape = array<i64: 2, 2, 4, 2>
func.func @strided_input_grad(%g: tensor<1x4x4x4xf32> {horn.role = "batch", horn.name = "g"}, %w: tensor<3x3x2x4xf32> {horn.role = "state", horn.name = "w"})
    -> (tensor<1x8x8x2xf32> {horn.role = "batch", horn.name = "y", horn.per_batch = true}) {
  %0 = horn.conv_backward_data %g, %w {input_shape = array<i64: 1, 8, 8, 2>, strides = array<i64: 2, 2>, padding = array<i64: 1, 0, 1, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64}
    : (tensor<1x4x4x4xf32>, tensor<3x3x2x4xf32>) -> tensor<1x8x8x2xf32>
  return %0 : tensor<1x8x8x2xf32>
}

// What is padded is written inside of its padded copy; then the border is filled.
// CHECK-LABEL: func @inside
// CHECK:       %[[WIDE:.*]] = memref.alloc() : memref<72xf32>
// CHECK:       "hk.map"(%{{.*}}, %[[WIDE]]) <{access = [array<i64: 32, 8, 2, 1, 0>, array<i64: 72, 12, 2, 1, 14>], domain = array<i64: 1, 4, 4, 2>
// CHECK:       "hk.map"(%[[WIDE]]) <{access = [array<i64: 60, 72, 12, 2, 1, 0>], domain = array<i64: 2, 1, 1, 6, 2>
// CHECK:       "hk.map"(%[[WIDE]]) <{access = [array<i64: 10, 72, 12, 2, 1, 12>], domain = array<i64: 2, 1, 4, 1, 2>
// CHECK:       "hk.conv"(%[[WIDE]]
func.func @inside(%x: tensor<1x4x4x2xf32> {horn.role = "batch", horn.name = "x"}, %w: tensor<3x3x2x2xf32> {horn.role = "state", horn.name = "w"})
    -> (tensor<1x4x4x2xf32> {horn.role = "batch", horn.name = "y", horn.per_batch = true}) {
  %zero = horn.constant dense<0.0> : tensor<f32>
  %0 = horn.relu %x : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  %1 = horn.pad %0, %zero {low = array<i64: 0, 1, 1, 0>, high = array<i64: 0, 1, 1, 0>} : (tensor<1x4x4x2xf32>, tensor<f32>) -> tensor<1x6x6x2xf32>
  %2 = horn.conv %1, %w {strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64}
    : (tensor<1x6x6x2xf32>, tensor<3x3x2x2xf32>) -> tensor<1x4x4x2xf32>
  return %2 : tensor<1x4x4x2xf32>
}

// A kernel's gradient of one tile: threads share the images in eight parts, which are added up at the end.
// CHECK-LABEL: func @kernel_grad_in_parts
// CHECK:       %[[SUMS:.*]] = memref.alloc() : memref<576xf32>
// CHECK:       "hk.conv_kernel_grad"(%{{.*}}, %{{.*}}, %[[SUMS]]) <{access = [], {{.*}}parts = 8 : i64
// CHECK:       "hk.reduce"(%[[SUMS]], %{{.*}})
// CHECK-SAME:  axes = array<i64: 0>, domain = array<i64: 3, 3, 1, 8>, input_access = [array<i64: 72, 24, 8, 8, 1, 0>], input_domain = array<i64: 8, 3, 3, 1, 8>
func.func @kernel_grad_in_parts(%x: tensor<9x6x6x8xf32> {horn.role = "batch", horn.name = "x"}, %g: tensor<9x4x4x8xf32> {horn.role = "batch", horn.name = "g"})
    -> (tensor<3x3x1x8xf32> {horn.role = "batch", horn.name = "y", horn.per_batch = false}) {
  %0 = horn.conv_backward_kernel %x, %g {kernel_shape = array<i64: 3, 3, 1, 8>, strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, dilation = array<i64: 1, 1>, groups = 8 : i64}
    : (tensor<9x6x6x8xf32>, tensor<9x4x4x8xf32>) -> tensor<3x3x1x8xf32>
  return %0 : tensor<3x3x1x8xf32>
}
