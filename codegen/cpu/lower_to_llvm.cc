// Math first (its expansions may branch), then the steps inside the vector dialect, then one conversion of everything.
#include "codegen/cpu/lower_to_llvm.h"

#include <mlir/Conversion/AffineToStandard/AffineToStandard.h>
#include <mlir/Conversion/ArithToLLVM/ArithToLLVM.h>
#include <mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h>
#include <mlir/Conversion/FuncToLLVM/ConvertFuncToLLVM.h>
#include <mlir/Conversion/IndexToLLVM/IndexToLLVM.h>
#include <mlir/Conversion/LLVMCommon/ConversionTarget.h>
#include <mlir/Conversion/LLVMCommon/TypeConverter.h>
#include <mlir/Conversion/MathToLLVM/MathToLLVM.h>
#include <mlir/Conversion/MemRefToLLVM/MemRefToLLVM.h>
#include <mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h>
#include <mlir/Conversion/UBToLLVM/UBToLLVM.h>
#include <mlir/Conversion/VectorToLLVM/ConvertVectorToLLVM.h>
#include <mlir/Conversion/VectorToSCF/VectorToSCF.h>
#include <mlir/Dialect/Affine/IR/AffineOps.h>
#include <mlir/Dialect/Arith/Transforms/Passes.h>
#include <mlir/Dialect/ControlFlow/IR/ControlFlow.h>
#include <mlir/Dialect/Index/IR/IndexDialect.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/Dialect/MemRef/Transforms/Transforms.h>
#include <mlir/Dialect/UB/IR/UBOps.h>
#include <mlir/Dialect/Vector/Transforms/LoweringPatterns.h>
#include <mlir/Dialect/Vector/Transforms/VectorRewritePatterns.h>
#include <mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h>
#include <mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h>
#include <mlir/Transforms/DialectConversion.h>
#include <mlir/Transforms/GreedyPatternRewriteDriver.h>

#include "codegen/cpu/slice_to_llvm.h"
#include "codegen/cpu/widen_floats.h"
#include "codegen/math/expand.h"

namespace hornbeam::codegen {
namespace {

using namespace mlir;

// A vector of i1 in memory is packed to bits by LLVM, while a boolean takes a byte everywhere else. Reading one as the
// other would give wrong numbers silently.
absl::Status check_no_packed_booleans(ModuleOp module) {
  std::string where;
  module.walk([&](Operation* op) {
    if (!isa<vector::LoadOp, vector::StoreOp, vector::MaskedLoadOp, vector::MaskedStoreOp, vector::TransferReadOp,
             vector::TransferWriteOp, vector::GatherOp, vector::ScatterOp>(op))
      return WalkResult::advance();
    for (Type type : op->getOperandTypes())
      if (auto memref = dyn_cast<MemRefType>(type); memref && memref.getElementType().isInteger(1)) {
        where = op->getName().getStringRef().str();
        return WalkResult::interrupt();
      }
    return WalkResult::advance();
  });
  if (where.empty()) return absl::OkStatus();
  return absl::InternalError(where + " on a memref of i1: booleans in memory must be i8.");
}

// Multi-dimensional transfers become loops over one-dimensional ones.
bool has_deep_transfers(ModuleOp module) {
  auto deep = [](Operation* op) {
    auto transfer = dyn_cast<VectorTransferOpInterface>(op);
    return transfer && transfer.getVectorType().getRank() > 1 ? WalkResult::interrupt() : WalkResult::advance();
  };
  return module.walk(deep).wasInterrupted();
}

LogicalResult lower_inside_vector(ModuleOp module) {
  RewritePatternSet patterns(module.getContext());
  if (has_deep_transfers(module)) populateVectorToSCFConversionPatterns(patterns);
  vector::populateVectorBitCastLoweringPatterns(patterns);
  vector::populateVectorBroadcastLoweringPatterns(patterns);
  vector::populateVectorContractLoweringPatterns(patterns, vector::VectorContractLowering::OuterProduct);
  vector::populateVectorOuterProductLoweringPatterns(patterns);
  vector::populateVectorMultiReductionLoweringPatterns(patterns, vector::VectorMultiReductionLowering::InnerParallel);
  vector::populateVectorMaskOpLoweringPatterns(patterns);
  vector::populateVectorShapeCastLoweringPatterns(patterns);
  vector::populateVectorInterleaveLoweringPatterns(patterns);
  vector::populateVectorTransposeLoweringPatterns(patterns, vector::VectorTransposeLowering::Shuffle16x16);
  vector::populateVectorTransferLoweringPatterns(patterns, /*maxTransferRank=*/1);
  vector::populateVectorMaskMaterializationPatterns(patterns, /*force32BitVectorIndices=*/true);
  vector::populateVectorInsertExtractStridedSliceTransforms(patterns);
  vector::populateVectorStepLoweringPatterns(patterns);
  vector::populateVectorRankReducingFMAPattern(patterns);
  vector::populateVectorGatherLoweringPatterns(patterns);
  memref::populateExpandStridedMetadataPatterns(patterns);
  arith::populateCeilFloorDivExpandOpsPatterns(patterns);
  arith::populateExpandBFloat16Patterns(patterns);
  populateAffineToStdConversionPatterns(patterns);
  GreedyRewriteConfig config;
  config.setRegionSimplificationLevel(GreedySimplifyRegionLevel::Disabled);
  return applyPatternsGreedily(module, std::move(patterns), config);
}

LogicalResult convert(ModuleOp module) {
  MLIRContext* context = module.getContext();
  LowerToLLVMOptions options(context);
  options.useBarePtrCallConv = true;
  options.overrideIndexBitwidth(64);
  options.allocLowering = LowerToLLVMOptions::AllocLowering::None;  // a program allocates nothing
  LLVMTypeConverter converter(context, options);
  RewritePatternSet patterns(context);
  populateSCFToControlFlowConversionPatterns(patterns);
  vector::populateVectorTransferLoweringPatterns(patterns);
  populateVectorToLLVMConversionPatterns(converter, patterns, /*reassociateFPReductions=*/true,
                                         /*force32BitVectorIndices=*/true);
  populateFinalizeMemRefToLLVMConversionPatterns(converter, patterns);
  add_slice_pattern(converter, patterns);
  populateMathToLLVMConversionPatterns(converter, patterns);
  arith::populateArithToLLVMConversionPatterns(converter, patterns);
  index::populateIndexToLLVMConversionPatterns(converter, patterns);
  cf::populateControlFlowToLLVMConversionPatterns(converter, patterns);
  populateFuncToLLVMConversionPatterns(converter, patterns);
  ub::populateUBToLLVMConversionPatterns(converter, patterns);
  LLVMConversionTarget target(*context);
  target.addLegalOp<ModuleOp>();
  return applyFullConversion(module, target, std::move(patterns));
}

}  // namespace

void load_backend_dialects(MLIRContext& context) {
  DialectRegistry registry;
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
  context.appendDialectRegistry(registry);
  context.loadDialect<affine::AffineDialect, arith::ArithDialect, cf::ControlFlowDialect, func::FuncDialect,
                      index::IndexDialect, LLVM::LLVMDialect, math::MathDialect, memref::MemRefDialect, scf::SCFDialect,
                      ub::UBDialect, vector::VectorDialect>();
}

absl::Status lower_to_llvm(ModuleOp module) {
  if (absl::Status status = check_no_packed_booleans(module); !status.ok()) return status;
  if (absl::Status status = expand_math(module); !status.ok()) return status;
  if (absl::Status status = widen_narrow_floats(module); !status.ok()) return status;
  if (failed(lower_inside_vector(module))) return absl::InternalError("Lowering inside the vector dialect did not end.");
  if (failed(convert(module))) return absl::InternalError("Conversion to the LLVM dialect failed.");
  return absl::OkStatus();
}

}  // namespace hornbeam::codegen
