// Constant folding with the reference evaluator.
#include "ir/types.h"
#include "passes/simplify/match.h"
#include "passes/simplify/simplify.h"

namespace hornbeam::passes {
namespace {

using namespace mlir;
using namespace match;

// What is larger would swell the program more than it saves time.
constexpr int64_t kMaxFoldedBytes = 64 << 10;
// And the slow evaluator must be done in a moment, with a product of matrices too.
constexpr int64_t kMaxOperandBytes = 64 << 10;

int64_t bytes_of(Value value) {
  auto type = horn::tensor(value);
  return type.getNumElements() * static_cast<int64_t>(size_of(ir::from_mlir(type.getElementType())));
}

// An op of constants becomes a constant. Broadcasts and iotas are small as they are, and fuse into what uses them.
struct FoldConstants : OpInterfaceRewritePattern<horn::ReferenceOpInterface> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;
  LogicalResult matchAndRewrite(horn::ReferenceOpInterface op, PatternRewriter& rewriter) const override {
    if (isa<horn::ConstantOp, horn::BroadcastOp, horn::IotaOp>(op) || op->getNumOperands() == 0 || op->getNumRegions() > 0)
      return failure();
    int64_t operand_bytes = 0;
    for (Value operand : op->getOperands()) {
      if (!constant_of(operand)) return failure();
      operand_bytes += bytes_of(operand);
    }
    if (operand_bytes > kMaxOperandBytes || bytes_of(op->getResult(0)) > kMaxFoldedBytes) return failure();
    std::vector<Array> arrays;
    for (Value operand : op->getOperands()) arrays.push_back(ir::to_array(constant_of(operand)));
    Array result = op.evaluate(arrays)[0];
    rewriter.replaceOpWithNewOp<horn::ConstantOp>(op, op->getResult(0).getType(),
                                                  cast<ElementsAttr>(ir::to_attr(rewriter.getContext(), result)));
    return success();
  }
};

// A constant of equal elements is a scalar constant, broadcast: elementwise kernels take it as an immediate.
Value splat_constant(horn::ConstantOp op, const horn::Make& m) {
  auto attr = dyn_cast<DenseElementsAttr>(op.getValue());
  if (!attr || !attr.isSplat() || attr.getType().getShape().empty()) return {};
  auto scalar = RankedTensorType::get({}, attr.getElementType());
  Value one = m.make<horn::ConstantOp>(
      scalar, cast<ElementsAttr>(DenseElementsAttr::get(scalar, attr.getSplatValue<Attribute>())));
  return m.broadcast(one, attr.getType().getShape(), {});
}

// An elementwise op whose operands are each one number throughout is computed once, and broadcast.
struct SplatElementwise : OpInterfaceRewritePattern<horn::ElementwiseOpInterface> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;
  LogicalResult matchAndRewrite(horn::ElementwiseOpInterface op, PatternRewriter& rewriter) const override {
    Value result = op->getResult(0);
    if (horn::rank(result) == 0) return failure();
    SmallVector<Attribute> splats;
    for (Value operand : op->getOperands()) {
      splats.push_back(splat_of(operand));
      if (!splats.back()) return failure();
    }
    SmallVector<Value> scalars;
    for (auto [operand, splat] : llvm::zip_equal(op->getOperands(), splats)) {
      auto scalar = RankedTensorType::get({}, horn::element(operand));
      scalars.push_back(horn::ConstantOp::create(rewriter, op.getLoc(), scalar,
                                                 cast<ElementsAttr>(DenseElementsAttr::get(scalar, splat))));
    }
    Operation* once = rewriter.clone(*op);
    rewriter.modifyOpInPlace(once, [&] {
      once->setOperands(scalars);
      once->getResult(0).setType(RankedTensorType::get({}, horn::element(result)));
    });
    rewriter.replaceOp(op, horn::Make{rewriter, op.getLoc()}.broadcast(once->getResult(0), horn::dims(result), {}));
    return success();
  }
};

}  // namespace

void add_constant_patterns(RewritePatternSet& patterns) {
  patterns.add<FoldConstants, SplatElementwise>(patterns.getContext());
  match::add_rule<horn::ConstantOp>(patterns, splat_constant);
}

}  // namespace hornbeam::passes
