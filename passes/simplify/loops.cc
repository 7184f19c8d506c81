// Scans with fewer operands, carried values and outputs: what nobody reads goes, what no step changes comes out.
#include <mlir/IR/IRMapping.h>

#include "passes/simplify/match.h"
#include "passes/simplify/simplify.h"

namespace hornbeam::passes {
namespace {

using namespace mlir;

class Loop {
 public:
  explicit Loop(horn::ScanOp op) : op_(op), body_(op.getBody().front()), builder_(op) {}

  bool run() {
    bool changed = false;
    for (auto step : {&Loop::replace_outputs, &Loop::take_in, &Loop::take_out, &Loop::turn_factors,
                      &Loop::merge_operands, &Loop::drop_unused})
      changed |= (this->*step)();
    return changed;
  }

 private:
  bool is_invariant(Value value) { return llvm::is_contained(op_.invariant_arguments(), value); }
  BlockArgument add_invariant(Value outside) {
    op_.getInvariantsMutable().append(outside);
    return body_.addArgument(outside.getType(), outside.getLoc());
  }

  // Outputs that are slices of something that is there, or equal to another; carried values that stay the same.
  bool replace_outputs() {
    bool changed = false;
    auto replace = [&](Value from, Value to) {
      if (from.use_empty()) return;
      from.replaceAllUsesWith(to);
      changed = true;
    };
    llvm::DenseMap<Value, Value> first;
    for (auto [inside, outside] : llvm::zip_equal(op_.slice_arguments(), op_.getXs())) first[inside] = outside;
    for (auto [inside, outside] : llvm::zip_equal(op_.step_outputs(), op_.stacked()))
      if (auto [at, is_new] = first.try_emplace(inside, outside); !is_new) replace(outside, at->second);
    for (size_t i = 0; i < op_.getInit().size(); ++i) {
      BlockArgument argument = op_.carried_arguments()[i];
      if (op_.new_carries()[i] != argument) continue;
      replace(op_.getOutputs()[i], op_.getInit()[i]);
      auto is_inner = [&](OpOperand& use) { return use.getOwner() != body_.getTerminator(); };
      if (llvm::none_of(argument.getUses(), is_inner)) continue;
      BlockArgument invariant = add_invariant(op_.getInit()[i]);
      argument.replaceUsesWithIf(invariant, is_inner);
      changed = true;
    }
    return changed;
  }

  // Constants are made inside, and what spreads a value out is done inside.
  bool take_in() {
    bool changed = false;
    builder_.setInsertionPointToStart(&body_);
    for (size_t i = 0; i < op_.getInvariants().size(); ++i) {
      BlockArgument argument = op_.invariant_arguments()[i];
      Operation* maker = op_.getInvariants()[i].getDefiningOp();
      if (argument.use_empty() || !isa_and_nonnull<horn::ConstantOp, horn::IotaOp, horn::BroadcastOp>(maker)) continue;
      IRMapping map;
      for (Value operand : maker->getOperands()) map.map(operand, add_invariant(operand));
      argument.replaceAllUsesWith(builder_.clone(*maker, map)->getResult(0));
      changed = true;
    }
    return changed;
  }

  // Whether the value is the same at every step and cheap enough to be made a second time outside.
  bool is_fixed(Value value) {
    if (is_invariant(value)) return true;
    Operation* maker = value.getDefiningOp();
    return isa_and_nonnull<horn::ConstantOp, horn::IotaOp, horn::BroadcastOp>(maker) &&
           llvm::all_of(maker->getOperands(), [&](Value operand) { return is_fixed(operand); });
  }
  Value outside(Value value) {
    for (auto [inside, operand] : llvm::zip_equal(op_.invariant_arguments(), op_.getInvariants()))
      if (inside == value) return operand;
    IRMapping map;
    for (Value operand : value.getDefiningOp()->getOperands()) map.map(operand, outside(operand));
    return builder_.clone(*value.getDefiningOp(), map)->getResult(0);
  }
  // What no step changes is computed once, in front of the loop.
  bool take_out() {
    bool changed = false;
    for (Operation& op : llvm::make_early_inc_range(body_.without_terminator())) {
      if (op.getNumOperands() == 0 || op.getNumResults() != 1 || op.getNumRegions() > 0 || isa<horn::BroadcastOp>(op))
        continue;
      if (!llvm::all_of(op.getOperands(), [&](Value operand) { return is_fixed(operand); })) continue;
      builder_.setInsertionPoint(op_);
      op.getResult(0).replaceAllUsesWith(add_invariant(outside(op.getResult(0))));
      op.erase();
      changed = true;
    }
    return changed;
  }

  // The kernel of a product wants the rows of its right side along the contracted axis: an invariant that has them
  // along the other is turned round once, in front of the loop.
  bool turn_factors() {
    bool changed = false;
    for (auto dot : llvm::make_early_inc_range(body_.getOps<horn::DotOp>())) {
      Value rhs = dot.getRhs();
      if (!is_invariant(rhs) || horn::rank(rhs) != 2 || dot.getRhsContract() != ArrayRef<int64_t>{1}) continue;
      builder_.setInsertionPoint(op_);
      Value turned = add_invariant(horn::Make{builder_, dot.getLoc()}.transpose(outside(rhs), {1, 0}));
      builder_.setInsertionPoint(dot);
      dot.replaceAllUsesWith(horn::Make{builder_, dot.getLoc()}.make<horn::DotOp>(
          dot.getLhs(), turned, dot.getLhsContract(), ArrayRef<int64_t>{0}, dot.getLhsBatch(), dot.getRhsBatch()));
      dot.erase();
      changed = true;
    }
    return changed;
  }

  bool merge_operands() {
    bool changed = false;
    auto merge = [&](ValueRange operands, ArrayRef<BlockArgument> arguments) {
      llvm::DenseMap<Value, Value> first;
      for (auto [operand, argument] : llvm::zip_equal(operands, arguments)) {
        Value inside = argument;
        if (auto [at, is_new] = first.try_emplace(operand, inside); !is_new && !inside.use_empty()) {
          inside.replaceAllUsesWith(at->second);
          changed = true;
        }
      }
    };
    merge(op_.getXs(), op_.slice_arguments());
    merge(op_.getInvariants(), op_.invariant_arguments());
    return changed;
  }

  // Carried values whose last is not asked for and that only make their own next, or that of others of the kind.
  SmallVector<bool> live_carries() {
    size_t carried = op_.getInit().size();
    SmallVector<bool> live(carried, false);
    llvm::DenseSet<Value> seen;
    SmallVector<Value> work;
    for (auto [i, result] : llvm::enumerate(op_.getOutputs()))
      if (!result.use_empty()) {
        if (i < carried) live[i] = true;
        work.push_back(op_.yielded()[i]);
      }
    while (!work.empty()) {
      Value value = work.pop_back_val();
      if (!seen.insert(value).second) continue;
      if (Operation* maker = value.getDefiningOp()) {
        // A gradient's region uses values from outside.
        maker->walk([&](Operation* inner) { llvm::append_range(work, inner->getOperands()); });
        continue;
      }
      auto argument = cast<BlockArgument>(value);
      size_t number = argument.getArgNumber();
      if (argument.getOwner() != &body_ || number >= carried || live[number]) continue;
      live[number] = true;
      work.push_back(op_.yielded()[number]);
    }
    return live;
  }

  bool drop_unused() {
    SmallVector<bool> live = live_carries();
    SmallVector<Value> init, xs, invariants, yields, results;
    size_t carried = op_.getInit().size();
    for (auto [i, result] : llvm::enumerate(op_.getOutputs()))
      if (i < carried ? live[i] : !result.use_empty()) {
        yields.push_back(op_.yielded()[i]);
        results.push_back(result);
      }
    body_.getTerminator()->setOperands(yields);
    for (Operation& op : llvm::make_early_inc_range(llvm::reverse(body_)))
      if (isOpTriviallyDead(&op)) op.erase();
    BitVector unused(body_.getNumArguments());
    for (BlockArgument argument : body_.getArguments()) {
      unsigned i = argument.getArgNumber();
      if (i < carried ? !live[i] : argument.use_empty())
        unused.set(i);
      else
        (i < carried ? init : i < carried + op_.getXs().size() ? xs : invariants).push_back(op_->getOperand(i));
    }
    if (unused.none() && results.size() == op_.getNumResults()) return false;
    if (results.empty()) {
      op_.erase();
      return true;
    }
    body_.eraseArguments(unused);
    builder_.setInsertionPoint(op_);
    auto made = horn::ScanOp::create(builder_, op_.getLoc(), ValueRange(results).getTypes(), init, xs, invariants,
                                     op_.getLength(), op_.getReverse());
    made.getBody().takeBody(op_.getBody());
    for (auto [from, to] : llvm::zip_equal(results, made.getOutputs())) from.replaceAllUsesWith(to);
    op_.erase();
    return true;
  }

  horn::ScanOp op_;
  Block& body_;
  OpBuilder builder_;
};

}  // namespace

bool simplify_loops(func::FuncOp function) {
  SmallVector<horn::ScanOp> innermost_first;
  function.walk([&](horn::ScanOp op) { innermost_first.push_back(op); });  // post-order
  bool changed = false;
  for (horn::ScanOp op : innermost_first) changed |= Loop(op).run();
  return changed;
}

}  // namespace hornbeam::passes
