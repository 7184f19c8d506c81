// RUN: hornbeam-opt %s -hk-emit-kernels=vector-bytes=16 | FileCheck %s

// Rows are copied by their numbers, whole vectors at a time and the rest with a mask.
// CHECK-LABEL: func private @kernel_gather_rows_
// CHECK-SAME:  (%[[BASE:[a-z0-9]+]]: memref<600xf32>, %[[ROWS:[a-z0-9]+]]: memref<100xi64>, %[[STEP:[a-z0-9]+]]: index, %[[OUT:[a-z0-9]+]]: memref<12xf32>)
// CHECK:       scf.for
// CHECK:         memref.load %[[ROWS]]
// CHECK:         vector.load %[[BASE]]
// CHECK:         vector.store {{.*}}%[[OUT]]
// CHECK:         vector.maskedload %[[BASE]]
// CHECK:         vector.maskedstore %[[OUT]]
func.func @gather(%base: memref<600xf32>, %rows: memref<100xi64>, %step: index, %out: memref<12xf32>) {
  hk.gather_rows %base[%rows], %step, %out {batch = 2 : i64} : memref<600xf32>, memref<100xi64>, memref<12xf32>
  return
}
