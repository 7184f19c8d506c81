// RUN: hornbeam-opt %s --horn-simplify | FileCheck %s

// CHECK-LABEL: @units
// CHECK-SAME:  %[[X:.*]]: tensor<4xf32>
// CHECK-NEXT:  return %[[X]], %[[X]], %[[X]], %[[X]]
func.func @units(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %one = horn.constant dense<1.0> : tensor<f32>
  %ones = horn.broadcast %one {axes = array<i64>, shape = array<i64: 4>} : (tensor<f32>) -> tensor<4xf32>
  %zero = horn.constant dense<0.0> : tensor<4xf32>
  %0 = horn.multiply %ones, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = horn.divide %x, %ones : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %2 = horn.subtract %x, %zero : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = horn.power %x, %ones : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0, %1, %2, %3 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// What is not exact stays: -0 + 0 = 0, inf - inf = NaN, NaN * 0 = NaN.
// CHECK-LABEL: @not_exact
// CHECK-DAG:   horn.add
// CHECK-DAG:   horn.subtract
// CHECK-DAG:   horn.multiply
// CHECK:       return
func.func @not_exact(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %zero = horn.constant dense<0.0> : tensor<4xf32>
  %0 = horn.add %x, %zero : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = horn.subtract %x, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %2 = horn.multiply %x, %zero : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0, %1, %2 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// Of integers all three are known.
// CHECK-LABEL: @integers
// CHECK-SAME:  %[[X:.*]]: tensor<4xi32>
// CHECK:       %[[ZERO:.*]] = horn.constant dense<0> : tensor<i32>
// CHECK-NEXT:  %[[ZEROS:.*]] = horn.broadcast %[[ZERO]]
// CHECK-NEXT:  return %[[X]], %[[ZEROS]], %[[ZEROS]]
func.func @integers(%x: tensor<4xi32>) -> (tensor<4xi32>, tensor<4xi32>, tensor<4xi32>) {
  %zero = horn.constant dense<0> : tensor<4xi32>
  %0 = horn.add %x, %zero : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  %1 = horn.subtract %x, %x : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  %2 = horn.multiply %x, %zero : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  return %0, %1, %2 : tensor<4xi32>, tensor<4xi32>, tensor<4xi32>
}

// A division by a power of two is a product; by another number it stays.
// CHECK-LABEL: @division
// CHECK-SAME:  %[[X:.*]]: tensor<f32>
// CHECK-DAG:   %[[EIGHTH:.*]] = horn.constant dense<1.250000e-01>
// CHECK-DAG:   %[[TEN:.*]] = horn.constant dense<1.000000e+01>
// CHECK-DAG:   horn.multiply %[[X]], %[[EIGHTH]]
// CHECK-DAG:   horn.divide %[[X]], %[[TEN]]
// CHECK:       return
func.func @division(%x: tensor<f32>) -> (tensor<f32>, tensor<f32>) {
  %eight = horn.constant dense<8.0> : tensor<f32>
  %ten = horn.constant dense<10.0> : tensor<f32>
  %0 = horn.divide %x, %eight : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %1 = horn.divide %x, %ten : (tensor<f32>, tensor<f32>) -> tensor<f32>
  return %0, %1 : tensor<f32>, tensor<f32>
}

// CHECK-LABEL: @square
// CHECK-SAME:  %[[X:.*]]: tensor<f32>
// CHECK-NEXT:  %[[S:.*]] = horn.multiply %[[X]], %[[X]]
// CHECK-NEXT:  return %[[S]]
func.func @square(%x: tensor<f32>) -> tensor<f32> {
  %two = horn.constant dense<2.0> : tensor<f32>
  %0 = horn.power %x, %two : (tensor<f32>, tensor<f32>) -> tensor<f32>
  return %0 : tensor<f32>
}

// CHECK-LABEL: @negations
// CHECK-SAME:  %[[X:.*]]: tensor<f32>, %[[Y:.*]]: tensor<f32>
// CHECK-NEXT:  %[[SUM:.*]] = horn.add %[[Y]], %[[X]]
// CHECK-NEXT:  return %[[X]], %[[SUM]]
func.func @negations(%x: tensor<f32>, %y: tensor<f32>) -> (tensor<f32>, tensor<f32>) {
  %0 = horn.negative %x : (tensor<f32>) -> tensor<f32>
  %1 = horn.negative %0 : (tensor<f32>) -> tensor<f32>
  %2 = horn.subtract %y, %0 : (tensor<f32>, tensor<f32>) -> tensor<f32>
  return %1, %2 : tensor<f32>, tensor<f32>
}

// CHECK-LABEL: @selects
// CHECK-SAME:  %[[P:.*]]: tensor<2xi1>, %[[A:.*]]: tensor<2xf32>, %[[B:.*]]: tensor<2xf32>
// CHECK-NEXT:  %[[S:.*]] = horn.select %[[P]], %[[B]], %[[A]]
// CHECK-NEXT:  return %[[A]], %[[B]], %[[S]]
func.func @selects(%p: tensor<2xi1>, %a: tensor<2xf32>, %b: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
  %false = horn.constant dense<false> : tensor<2xi1>
  %0 = horn.select %p, %a, %a : (tensor<2xi1>, tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %1 = horn.select %false, %a, %b : (tensor<2xi1>, tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %not = horn.logical_not %p : (tensor<2xi1>) -> tensor<2xi1>
  %2 = horn.select %not, %a, %b : (tensor<2xi1>, tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0, %1, %2 : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

// There and back through a type that holds every value; through a narrower one the digits are lost.
// CHECK-LABEL: @casts
// CHECK-SAME:  %[[X:.*]]: tensor<f32>
// CHECK-NEXT:  %[[N:.*]] = horn.cast %[[X]] {dtype = f16}
// CHECK-NEXT:  %[[W:.*]] = horn.cast %[[N]] {dtype = f32}
// CHECK-NEXT:  return %[[X]], %[[W]]
func.func @casts(%x: tensor<f32>) -> (tensor<f32>, tensor<f32>) {
  %0 = horn.cast %x {dtype = f64} : (tensor<f32>) -> tensor<f64>
  %1 = horn.cast %0 {dtype = f32} : (tensor<f64>) -> tensor<f32>
  %2 = horn.cast %1 {dtype = f16} : (tensor<f32>) -> tensor<f16>
  %3 = horn.cast %2 {dtype = f32} : (tensor<f16>) -> tensor<f32>
  return %1, %3 : tensor<f32>, tensor<f32>
}

// Equal ops become one, unused ones go, and stop_gradient has done its work.
// CHECK-LABEL: @common
// CHECK-SAME:  %[[X:.*]]: tensor<f32>
// CHECK-NEXT:  %[[E:.*]] = horn.exp %[[X]]
// CHECK-NEXT:  %[[S:.*]] = horn.add %[[E]], %[[E]]
// CHECK-NEXT:  return %[[S]]
func.func @common(%x: tensor<f32>) -> tensor<f32> {
  %0 = horn.exp %x : (tensor<f32>) -> tensor<f32>
  %1 = horn.stop_gradient %x : (tensor<f32>) -> tensor<f32>
  %2 = horn.exp %1 : (tensor<f32>) -> tensor<f32>
  %3 = horn.tanh %2 : (tensor<f32>) -> tensor<f32>
  %4 = horn.add %0, %2 : (tensor<f32>, tensor<f32>) -> tensor<f32>
  return %4 : tensor<f32>
}
