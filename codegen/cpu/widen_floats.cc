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
  return absl::OkStatus();
}

}  // namespace hornbeam::codegen
