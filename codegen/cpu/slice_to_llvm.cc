#include "codegen/cpu/slice_to_llvm.h"

#include <mlir/Conversion/LLVMCommon/MemRefBuilder.h>
#include <mlir/Conversion/LLVMCommon/Pattern.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>

#include "ir/kernel/hk.h"

namespace hornbeam::codegen {
namespace {

using namespace mlir;

struct SliceToPointer : ConvertOpToLLVMPattern<hk::SliceOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult matchAndRewrite(hk::SliceOp op, OpAdaptor adaptor, ConversionPatternRewriter& rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<MemRefType>(op.getType());
    Value base = MemRefDescriptor(adaptor.getBuffer()).alignedPtr(rewriter, loc);
    Type index = getTypeConverter()->getIndexType();
    Value n = LLVM::ConstantOp::create(rewriter, loc, index, rewriter.getIntegerAttr(index, type.getNumElements()));
    Value first = LLVM::MulOp::create(rewriter, loc, adaptor.getIndex(), n);
    Value pointer = LLVM::GEPOp::create(rewriter, loc, base.getType(),
                                        getTypeConverter()->convertType(type.getElementType()), base, first);
    rewriter.replaceOp(op, Value(MemRefDescriptor::fromStaticShape(rewriter, loc, *getTypeConverter(), type, pointer)));
    return success();
  }
};

}  // namespace

void add_slice_pattern(LLVMTypeConverter& converter, RewritePatternSet& patterns) {
  patterns.add<SliceToPointer>(converter);
}

}  // namespace hornbeam::codegen
