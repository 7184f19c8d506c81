// The room's door: a module of horn functions in, kernel functions and entries on one planned arena out.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>
#include <hornbeam/base/dtype.h>
#include <hornbeam/base/shape.h>
#include <hornbeam/base/target.h>

#include "ir/builder.h"

namespace hornbeam::passes {

// Where a state variable lies: segment 0 weights, 1 slots, 2 metrics; offset in bytes.
struct StatePlace {
  std::string name;
  DType dtype = DType::invalid;
  Shape shape;
  int segment = 0;
  int64_t offset = 0;
};

struct Port {
  std::string name;
  DType dtype = DType::invalid;
  Shape shape;  // of one batch
  bool per_batch = true;
};

// What the lowering found out about an entry; its function stands in the module under `function`.
struct LoweredEntry {
  std::string name;
  std::string function;
  int64_t batch_size = 0;
  std::vector<Port> inputs;
  std::vector<Port> outputs;
  int64_t arena_bytes = 0;
  int32_t num_threads = 1;
};

// Called with the name and the text of each stage's IR, when someone wants to look.
using StageObserver = std::function<void(const std::string& stage, const std::string& text)>;

// Lowers every job function of the module in place. Afterwards the module holds func.func only, made of arith, math,
// scf, memref (static shapes, identity layouts), vector and func.call:
//   - private kernel functions, each made once however many entries use it;
//   - one function per entry, with these arguments:
//       weights, slots, metrics, arena   memref<bytes x i8>
//       one memref per data input, one per output (leading dimension: kManyRows)
//       rows    memref<kManyRows x i64>
//       steps, thread, num_threads       index
//       call    !llvm.ptr                the HornbeamCall itself, for func.call @hornbeam_barrier(call)
//   - a declaration of @hornbeam_barrier(!llvm.ptr), which codegen defines.
absl::StatusOr<std::vector<LoweredEntry>> lower(ir::Module& module, const std::vector<StatePlace>& state,
                                                const Target& target, const StageObserver& observer = {});

// Stands for "as many rows as there are": memrefs with static shapes travel as bare pointers.
inline constexpr int64_t kManyRows = int64_t{1} << 40;

}  // namespace hornbeam::passes
