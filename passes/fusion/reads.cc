// What a group reads, through the moves between it and memory.
#include "passes/fusion/groups.h"

namespace hornbeam::passes {

using mlir::Value;

bool is_moved(Value value, const Plan& plan) {
  mlir::Operation* op = value.getDefiningOp();
  return op && only_moves(op) && !plan.group_of.count(value);
}

Value stored(Value value) {
  while (auto reshape = value.getDefiningOp<horn::ReshapeOp>()) value = reshape.getX();
  return value;
}

void visit_sources(Value value, const Access& access, size_t rank, const Plan& plan, SourceVisitor visit) {
  if (!is_moved(value, plan)) return visit(value, access.is_identity());
  if (auto source = look_through(value, access, rank))
    return visit_sources(source->value, source->access, rank, plan, visit);
  if (value.getDefiningOp<horn::ReshapeOp>()) visit(stored(value), false);
  // Constants and iotas are read from nowhere.
}

void visit_reads(mlir::Operation* op, const Plan& plan, SourceVisitor visit) {
  size_t rank = dims_of(op->getResult(0)).size();
  for (mlir::OpOperand& operand : op->getOpOperands()) {
    Access access = Access::identity(rank);
    if (reads_whole(operand)) {
      visit(stored(operand.get()), false);
      continue;
    }
    if (auto take = llvm::dyn_cast<horn::TakeOp>(op)) access = index_access(take, access);
    visit_sources(operand.get(), access, rank, plan, visit);
  }
}

void visit_reads(const Group& group, const Plan& plan, llvm::function_ref<void(const Read&)> visit) {
  if (group.copy_of) {
    size_t rank = group.domain.size();
    if (auto source = look_through(group.copy_of, Access::identity(rank), rank))
      visit_sources(source->value, source->access, rank, plan, [&](Value value, bool) {
        visit({value, false, false});
      });
    return;
  }
  auto read = [&](Value operand, llvm::ArrayRef<int64_t> domain, bool by_body) {
    visit_sources(operand, Access::identity(domain.size()), domain.size(), plan, [&](Value value, bool same_point) {
      visit({value, same_point, by_body});
    });
  };
  if (group.root)
    for (auto [i, operand] : llvm::enumerate(group.root->getOperands())) {
      if (needs_buffers(group.root) && !is_initial(group.root, i))
        visit({stored(operand), false, true});
      else
        read(operand, dims_of(operand), true);
    }
  for (auto* list : {&group.before, &group.members})
    for (mlir::Operation* op : *list)
      visit_reads(op, plan, [&](Value value, bool same_point) { visit({value, same_point, list == &group.before}); });
}

}  // namespace hornbeam::passes
