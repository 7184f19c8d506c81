// Elementwise work moves in front of the broadcast of its operands, where there is less of it.
#include "passes/simplify/match.h"
#include "passes/simplify/simplify.h"

namespace hornbeam::passes {
namespace {

using namespace mlir;

// f(broadcast(a), broadcast(b), number) = broadcast(f(a, b, number)), for operands broadcast alike from equal shapes.
struct BroadcastLast : OpInterfaceRewritePattern<horn::ElementwiseOpInterface> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;
  LogicalResult matchAndRewrite(horn::ElementwiseOpInterface op, PatternRewriter& rewriter) const override {
    Value result = op->getResult(0);
    horn::BroadcastOp like;
    for (Value operand : op->getOperands()) {
      if (match::splat_of(operand)) continue;
      auto broadcast = operand.getDefiningOp<horn::BroadcastOp>();
      if (!broadcast) return failure();
      if (like && (broadcast.getAxes() != like.getAxes() || horn::dims(broadcast.getX()) != horn::dims(like.getX())))
        return failure();
      like = broadcast;
    }
    if (!like || horn::tensor(like.getX()).getNumElements() >= horn::tensor(result).getNumElements()) return failure();

    horn::Make m{rewriter, op.getLoc()};
    llvm::ArrayRef<int64_t> shape = horn::dims(like.getX());
    SmallVector<Value> sources;
    for (Value operand : op->getOperands()) {
      Attribute splat = match::splat_of(operand);
      if (!splat) {
        sources.push_back(operand.getDefiningOp<horn::BroadcastOp>().getX());
        continue;
      }
      auto scalar = RankedTensorType::get({}, horn::element(operand));
      Value one = m.make<horn::ConstantOp>(scalar, cast<ElementsAttr>(DenseElementsAttr::get(scalar, splat)));
      sources.push_back(shape.empty() ? one : m.broadcast(one, shape, {}));
    }
    Operation* small = rewriter.clone(*op);
    rewriter.modifyOpInPlace(small, [&] {
      small->setOperands(sources);
      small->getResult(0).setType(RankedTensorType::get(shape, horn::element(result)));
    });
    rewriter.replaceOp(op, m.broadcast(small->getResult(0), horn::dims(result), like.getAxes()));
    return success();
  }
};

}  // namespace

void add_broadcast_patterns(RewritePatternSet& patterns) { patterns.add<BroadcastLast>(patterns.getContext()); }

}  // namespace hornbeam::passes
