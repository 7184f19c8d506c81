// The pass hk-plan-arena: places the temporaries of an entry in one arena, by lifetime.
#pragma once

#include "ir/pch.h"

namespace hornbeam::passes {

// Every memref.alloc in `body` (of static size) becomes a view of `arena`, whose type the caller sets afterwards: two
// buffers share memory only where their lifetimes within `body` are apart. Returns the arena's bytes.
int64_t plan_arena(mlir::Block& body, mlir::Value arena);

// The same on the loop over steps of each entry; the entry says how large its arena is then.
std::unique_ptr<mlir::Pass> create_plan_arena_pass();

}  // namespace hornbeam::passes
