// hornbeam-opt: reads MLIR text, runs the passes named on the command line, prints the result. --help lists them.
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/Dialect/Math/IR/Math.h>
#include <mlir/Dialect/MemRef/IR/MemRef.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>
#include <mlir/Pass/PassRegistry.h>
#include <mlir/Tools/mlir-opt/MlirOptMain.h>
#include <mlir/Transforms/Passes.h>

#include "ir/horn.h"
#include "ir/kernel/hk.h"
#include "passes/autodiff/expand_gradients.h"
#include "passes/lowering/entry_pass.h"
#include "passes/lowering/normalize.h"
#include "passes/simplify/simplify.h"

int main(int argc, char** argv) {
  mlir::DialectRegistry registry;
  registry.insert<hornbeam::horn::HornDialect, hornbeam::hk::HKDialect, mlir::arith::ArithDialect,
                  mlir::func::FuncDialect, mlir::LLVM::LLVMDialect, mlir::math::MathDialect,
                  mlir::memref::MemRefDialect, mlir::scf::SCFDialect, mlir::vector::VectorDialect>();
  mlir::registerPass(hornbeam::passes::create_expand_gradients_pass);
  mlir::registerPass(hornbeam::passes::create_simplify_pass);
  mlir::registerPass(hornbeam::passes::create_normalize_pass);
  mlir::registerPass(hornbeam::passes::create_to_kernels_pass);
  mlir::registerCSEPass();
  mlir::registerCanonicalizerPass();
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, "Hornbeam's passes on MLIR text\n", registry));
}
