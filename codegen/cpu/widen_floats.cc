// Arithmetic on narrow floats, by way of float32.
#include "codegen/cpu/widen_floats.h"

#include <mlir/Dialect/Arith/Transforms/Passes.h>
#include <mlir/Transforms/DialectConversion.h>

namespace hornbeam::codegen {
namespace {

using namespace mlir;

bool has_narrow_floats(ModuleOp module) {
  auto narrow = [](Type type) {
    Type element = getElementTypeOrSelf(type);
    return element.isF16() || element.isBF16();
  };
  return module
      .walk([&](Operation* op) {
        return llvm::any_of(op->getResultTypes(), narrow) ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

}  // namespace

absl::Status widen_narrow_floats(ModuleOp module) {
  if (!has_narrow_floats(module)) return absl::OkStatus();
  MLIRContext* context = module.getContext();
  TypeConverter converter;
  Type narrow[] = {Float16Type::get(context), BFloat16Type::get(context)};
  arith::populateEmulateUnsupportedFloatsConversions(converter, narrow, Float32Type::get(context));
  RewritePatternSet patterns(context);
  arith::populateEmulateUnsupportedFloatsPatterns(patterns, converter);
  ConversionTarget target(*context);
  arith::populateEmulateUnsupportedFloatsLegality(target, converter);
  if (failed(applyPartialConversion(module, target, std::move(patterns))))
    return absl::InternalError("Arithmetic on narrow floats could not be widened.");
  // The conversion allows each rounding to be left out where the next op widens again. Then what is computed would hang
  // on which ops share a kernel.
  module.walk([](Operation* op) {
    if (auto widen = dyn_cast<arith::ExtFOp>(op)) widen.setFastmath(arith::FastMathFlags::none);
    if (auto round = dyn_cast<arith::TruncFOp>(op)) round.setFastmath(arith::FastMathFlags::none);
  });
  return absl::OkStatus();
}

}  // namespace hornbeam::codegen
