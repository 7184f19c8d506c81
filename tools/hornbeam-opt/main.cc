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

#include "codegen/cpu/kernels/emit_pass.h"
#include "ir/horn.h"
#include "ir/kernel/hk.h"
#include "passes/autodiff/expand_gradients.h"
#include "passes/batch/split_batch.h"
#include "passes/fusion/fuse.h"
#include "passes/fusion/recompute.h"
#include "passes/fusion/schedule.h"
#include "passes/lowering/fuse_steps.h"
#include "passes/lowering/normalize.h"
#include "passes/lowering/to_kernels.h"
#include "passes/memory/arena.h"
#include "passes/memory/barriers.h"
#include "passes/simplify/simplify.h"

int main(int argc, char** argv) {
  mlir::DialectRegistry registry;
  registry.insert<hornbeam::horn::HornDialect, hornbeam::hk::HKDialect, mlir::arith::ArithDialect,
                  mlir::func::FuncDialect, mlir::LLVM::LLVMDialect, mlir::math::MathDialect,
                  mlir::memref::MemRefDialect, mlir::scf::SCFDialect, mlir::vector::VectorDialect>();
  // In the order in which compile() runs them.
  mlir::registerPass(hornbeam::passes::create_expand_gradients_pass);
  mlir::registerPass(hornbeam::passes::create_simplify_pass);
  mlir::registerPass(hornbeam::passes::create_normalize_pass);
  mlir::registerPass(hornbeam::passes::create_recompute_pass);
  mlir::registerPass(hornbeam::passes::create_fuse_pass);
  mlir::registerPass(hornbeam::passes::create_schedule_pass);
  mlir::registerPass([] { return hornbeam::passes::create_to_kernels_pass(); });
  mlir::registerPass([] { return hornbeam::passes::create_split_batch_pass(); });
  mlir::registerPass([] { return hornbeam::passes::create_fuse_steps_pass(); });
  mlir::registerPass(hornbeam::passes::create_plan_arena_pass);
  mlir::registerPass(hornbeam::passes::create_place_barriers_pass);
  mlir::registerPass(hornbeam::codegen::create_emit_kernels_pass);
  mlir::registerCSEPass();
  mlir::registerCanonicalizerPass();
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, "Hornbeam's passes on MLIR text\n", registry));
}
