#include "passes/fusion/plan.h"

#include <map>

namespace hornbeam::passes {
namespace {

using mlir::Operation;
using mlir::Value;

void visit_ops(const Group& group, llvm::function_ref<void(Operation*)> visit) {
  for (Operation* op : group.before) visit(op);
  if (group.root) visit(group.root);
  if (group.copy_of) visit(group.copy_of.getDefiningOp());
  for (Operation* op : group.members) visit(op);
}

// What must lie in memory: values that another group reads, or its own at other points, and what the block returns.
void mark_outputs(Plan& plan, mlir::Block& block) {
  llvm::DenseSet<Value> marked;
  auto mark = [&](Value value, Group* reader, bool same_point) {
    Group* maker = plan.group_of.lookup(value);
    if (!maker || (maker == reader && same_point) || !marked.insert(value).second) return;
    maker->outputs.push_back(value);
  };
  for (auto& group : plan.groups) {
    if (group->copy_of) mark(group->copy_of, nullptr, false);
    visit_reads(*group, plan, [&](const Read& read) { mark(read.value, group.get(), read.same_point); });
  }
  for (Value result : block.getTerminator()->getOperands()) mark(stored(result), nullptr, false);
}

// Whether everything that uses `value` can read it inside of what `pad` makes.
bool can_lie_inside(Value value, horn::PadOp pad, const Plan& plan) {
  Group* maker = plan.group_of.lookup(value);
  if (!maker || maker->copy_of || is_control(maker->root) || llvm::isa_and_nonnull<horn::PadOp>(maker->root))
    return false;
  return plan.group_of.count(pad.getResult()) && llvm::all_of(value.getUses(), [](mlir::OpOperand& use) {
           Operation* user = use.getOwner();
           if (user->hasTrait<mlir::OpTrait::IsTerminator>() || llvm::isa<horn::ReshapeOp>(user)) return false;
           if (auto gradient = llvm::dyn_cast<horn::ConvBackwardKernelOp>(user);
               gradient && use.getOperandNumber() == 1)
             return llvm::any_of(gradient.getKernelShape().drop_back(2), [](int64_t n) { return n > 1; });
           return !reads_whole(use);
         });
}

void place_inside(Plan& plan, mlir::Block& block) {
  for (auto pad : block.getOps<horn::PadOp>())
    if (Value x = pad.getX(); !plan.inside.count(x) && can_lie_inside(x, pad, plan)) plan.inside[x] = pad;
}

}  // namespace

Plan::Place Plan::place_of(Value value, const Access& access, size_t rank) const {
  horn::PadOp pad = inside.lookup(value);
  if (!pad) return {value, access.flatten(dims_of(value), rank)};
  Access shifted = access;
  for (auto [axis, low] : llvm::zip_equal(shifted.axes, pad.getLow())) axis.back() += low;
  Value padded = pad.getResult();
  return {padded, shifted.flatten(dims_of(padded), rank)};
}

void write_plan(const Plan& plan, mlir::Block& block) {
  Operation* end = block.getTerminator();
  llvm::DenseSet<Operation*> placed;
  std::function<void(Operation*)> place = [&](Operation* op) {
    if (!op || op->getBlock() != &block || !placed.insert(op).second) return;
    for (Value operand : op->getOperands()) place(operand.getDefiningOp());
    op->moveBefore(end);
  };
  mlir::Builder b(block.getParentOp()->getContext());
  for (Operation& op : block) op.removeAttr(kGroupAttr), op.removeAttr(kBodyAttr);
  for (auto [number, group] : llvm::enumerate(plan.groups)) {
    visit_ops(*group, place);
    visit_ops(*group, [&, number = number](Operation* op) { op->setAttr(kGroupAttr, b.getI64IntegerAttr(number)); });
    for (Operation* op : group->before) op->setAttr(kBodyAttr, b.getUnitAttr());
  }
  // Moves that only the results of the block go through.
  llvm::SmallVector<Operation*> rest;
  for (Operation& op : block.without_terminator())
    if (!placed.contains(&op)) rest.push_back(&op);
  for (Operation* op : rest) place(op);
}

mlir::FailureOr<Plan> read_plan(mlir::Block& block) {
  std::map<int64_t, std::unique_ptr<Group>> groups;
  Plan plan;
  for (Operation& op : block.without_terminator()) {
    auto number = op.getAttrOfType<mlir::IntegerAttr>(kGroupAttr);
    if (!number) {
      if (only_moves(&op)) continue;
      return op.emitError("belongs to no group: horn-fuse makes them");
    }
    auto& group = groups[number.getInt()];
    if (!group) group = std::make_unique<Group>();
    bool body = op.hasAttr(kBodyAttr), whole = only_moves(&op) || is_root(&op);
    if ((whole && (group->root || group->copy_of)) || (!whole && group->copy_of))
      return op.emitError("does not fit into its group");
    if (is_root(&op))
      group->root = &op;
    else if (only_moves(&op))
      group->copy_of = op.getResult(0);
    else
      (body ? group->before : group->members).push_back(&op);
    if (!body) group->domain.assign(dims_of(op.getResult(0)).begin(), dims_of(op.getResult(0)).end());
    for (Value result : op.getResults()) plan.group_of[result] = group.get();
  }
  for (auto& [number, group] : groups) {
    if (!group->before.empty() && !is_reduce(group->root))
      return group->before.front()->emitError("is in the body of a group that reduces nothing");
    plan.groups.push_back(std::move(group));
  }
  mark_outputs(plan, block);
  place_inside(plan, block);
  return plan;
}

}  // namespace hornbeam::passes
