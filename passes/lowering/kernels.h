// From a group to hk ops on buffers.
#pragma once

#include <hornbeam/base/target.h>

#include "ir/kernel/hk.h"
#include "passes/fusion/schedule.h"

namespace hornbeam::passes {

// The signless type that an element has in memory (a boolean is an i8) and in a register (an i1).
mlir::Type stored_type(mlir::Type element);
mlir::Type register_type(mlir::Type element);

// The flat buffer of a tensor's elements, and how many they are.
mlir::MemRefType flat_buffer(mlir::Type tensor);
int64_t elements_of(mlir::Type tensor);

// Into how many parts a copy of n elements is split. An element that is copied counts as 16 operations: the memory is
// what takes time.
int64_t units_for_copy(int64_t n, const Target& target);

// Buffers of the values of one job, and where new ones come from.
class Buffers {
 public:
  virtual ~Buffers() = default;
  // The flat buffer of a value that lies in memory.
  virtual mlir::Value of(mlir::Value value) = 0;
  // Where a group's output is to be written.
  virtual mlir::Value out(mlir::Value value) = 0;
  // Further places that a group's output is to be written to.
  virtual llvm::ArrayRef<mlir::Value> more_outs(mlir::Value) { return {}; }
  // Scratch of n elements, of a signless type, for the kernels of one group.
  virtual mlir::Value scratch(mlir::Type element, int64_t n) = 0;
};

// Emits one group at the builder's place.
mlir::LogicalResult lower_group(mlir::OpBuilder& builder, const Group& group, const Plan& plan, Buffers& buffers,
                                const Target& target);

}  // namespace hornbeam::passes
