// The functions between lowering and codegen, and the attributes by which one stage tells the next about them.
//
// A step (made by horn-to-kernels) is one turn of a job on flat buffers:
//   func @train_step(a buffer per argument of the job, then one per output)
// Its arguments have horn.role ("state", "batch" or "output"), horn.name, horn.type (the tensor type) and, for outputs,
// horn.per_batch. Temporaries are memref.allocs.
//
// An entry (made of a step by hk-fuse-steps) has the arguments that passes/pipelines.h describes, these attributes on
// its inputs and outputs, and, on the function, hk.entry (the job's name), hk.batch_size, hk.arena_bytes (set by
// hk-plan-arena) and hk.threads (set by hk-place-barriers).
#pragma once

#include "ir/horn.h"
#include "ir/pch.h"
#include "passes/pipelines.h"

namespace hornbeam::passes {

inline constexpr llvm::StringLiteral kTypeAttr = "horn.type";
// On a job, if it was made for a part of the batch (horn-split-batch): how many parts make one step. Steps have it, too.
inline constexpr llvm::StringLiteral kPartsAttr = "horn.parts";
inline constexpr llvm::StringLiteral kEntryAttr = "hk.entry", kBatchSizeAttr = "hk.batch_size",
                                     kArenaBytesAttr = "hk.arena_bytes", kThreadsAttr = "hk.threads";

// Places of an entry's arguments: the segments come first; inputs and outputs begin at kFirstPort.
inline constexpr unsigned kArena = 3, kFirstPort = 4;
// Counted from the end.
enum class EntryTail : unsigned { call = 1, num_threads = 2, thread = 3, steps = 4, rows = 5 };
inline mlir::BlockArgument tail_argument(mlir::func::FuncOp entry, EntryTail which) {
  return entry.getArgument(entry.getNumArguments() - static_cast<unsigned>(which));
}

inline bool is_entry(mlir::func::FuncOp function) { return function->hasAttr(kEntryAttr); }
// The loop over the steps.
mlir::scf::ForOp step_loop(mlir::func::FuncOp entry);

// Reads an entry's attributes, and takes them away: codegen needs none.
LoweredEntry take_description(mlir::func::FuncOp entry);

}  // namespace hornbeam::passes
