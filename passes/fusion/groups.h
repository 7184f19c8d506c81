// Which ops of a job become one kernel. A group is a root (a product, a convolution, a reduction, a pool, …, or none)
// and the elementwise ops that follow it at the same points; a reduction also takes in the elementwise ops before it.
#pragma once

#include <memory>
#include <vector>

#include "passes/fusion/access.h"

namespace hornbeam::passes {

struct Group {
  mlir::Operation* root = nullptr;         // null: elementwise only
  std::vector<mlir::Operation*> before;    // elementwise ops inside a reduction's body, in order
  std::vector<mlir::Operation*> members;   // elementwise ops at the root's points, in order
  llvm::SmallVector<int64_t> domain;       // the points: the shape of the root's result and of the members'
  llvm::SmallVector<mlir::Value> outputs;  // what others read, or the job returns
  mlir::Value copy_of;                     // a group that only writes out a moved value (a transpose, a broadcast)
};

// The groups of one block, in an order in which they can run.
struct Plan {
  std::vector<std::unique_ptr<Group>> groups;
  llvm::DenseMap<mlir::Value, Group*> group_of;  // of every value that a root or member makes, and of written-out moves
  // Values that lie inside of what a pad makes of them: the pad only fills the border.
  llvm::DenseMap<mlir::Value, horn::PadOp> inside;

  // Where an element lies: the value in whose buffer, and its flat index there.
  struct Place {
    mlir::Value value;
    Linear at;
  };
  Place place_of(mlir::Value value, const Access& access, size_t rank) const;
};

// Groups the ops of a block: a function's, or the body of a loop or branch. Outputs are not marked yet. Fails, with an
// error on the op, at an op that no kernel does.
mlir::FailureOr<Plan> form_groups(mlir::Block& block);

bool is_elementwise(mlir::Operation* op);
bool only_moves(mlir::Operation* op);  // elements: broadcasts, transposes, slices, …; also what is read from nowhere
bool is_root(mlir::Operation* op);
bool is_reduce(mlir::Operation* op);
bool is_control(mlir::Operation* op);  // a loop or branch: a group of its own, whose bodies have groups in turn
// A root whose operands are read as buffers, not point by point.
bool needs_buffers(mlir::Operation* root);
// An operand that is read as a whole wherever the op computes: such a root's, a table, a seed.
bool reads_whole(mlir::OpOperand& operand);
// A loop's initial values are copied to where it carries them, point by point.
bool is_initial(mlir::Operation* root, unsigned operand);

bool is_moved(mlir::Value value, const Plan& plan);  // made by an op that only moves elements and not written out

// The value whose buffer holds `value`: reshapes of a stored value share its buffer.
mlir::Value stored(mlir::Value value);

// Visits the values that `value` at `access` is read from, through moves: block arguments, results of roots and
// members, and written-out moves. same_point: at the point itself.
using SourceVisitor = llvm::function_ref<void(mlir::Value source, bool same_point)>;
void visit_sources(mlir::Value value, const Access& access, size_t rank, const Plan& plan, SourceVisitor visit);

// What an elementwise op reads when it computes one point.
void visit_reads(mlir::Operation* op, const Plan& plan, SourceVisitor visit);

// Something that a group reads.
struct Read {
  mlir::Value value;
  bool same_point;  // as the op that reads it computes
  bool by_body;     // by the root or an op before it, not by a member
};
void visit_reads(const Group& group, const Plan& plan, llvm::function_ref<void(const Read&)> visit);

}  // namespace hornbeam::passes
