// Writes the entry wrappers and the barrier in the LLVM dialect.
#include "codegen/cpu/entry_wrapper.h"

#include <cstddef>

#include <absl/strings/str_cat.h>
#include <hornbeam/runtime/program.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/IR/Builders.h>

namespace hornbeam::codegen {
namespace {

using namespace mlir;

// Where the runtime puts the address of a HornbeamProfiler (hornbeam/runtime/profiler.h).
constexpr const char* kProfiler = "hornbeam_profiler";

// The fields of HornbeamCall, in order.
enum Field : int32_t { kBuffers, kRows, kSteps, kThread, kNumThreads, kBarrier, kBarrierContext };
static_assert(offsetof(HornbeamCall, buffers) == 0 && offsetof(HornbeamCall, rows) == 8 &&
              offsetof(HornbeamCall, steps) == 16 && offsetof(HornbeamCall, thread) == 24 &&
              offsetof(HornbeamCall, num_threads) == 28 && offsetof(HornbeamCall, barrier) == 32 &&
              offsetof(HornbeamCall, barrier_context) == 40 && sizeof(HornbeamCall) == 48);

class CallWriter {
 public:
  CallWriter(ModuleOp module)
      : module_(module), b_(module.getBodyRegion()), loc_(module.getLoc()), pointer_(LLVM::LLVMPointerType::get(b_.getContext())) {
    Type i64 = b_.getI64Type(), i32 = b_.getI32Type();
    call_ = LLVM::LLVMStructType::getLiteral(b_.getContext(), {pointer_, pointer_, i64, i32, i32, pointer_, pointer_});
  }

  void define_barrier(LLVM::LLVMFuncOp function);
  void define_mark(LLVM::LLVMFuncOp function);
  absl::Status wrap(LLVM::LLVMFuncOp function, const passes::LoweredEntry& entry);

 private:
  Value load(Type type, Value address) { return LLVM::LoadOp::create(b_, loc_, type, address); }
  Value field(Value call, Field field) {
    Value address = LLVM::GEPOp::create(b_, loc_, pointer_, call_, call, ArrayRef<LLVM::GEPArg>{0, field});
    return load(call_.getBody()[field], address);
  }
  Value element(Value array, int32_t index) {
    Value address = LLVM::GEPOp::create(b_, loc_, pointer_, pointer_, array, ArrayRef<LLVM::GEPArg>{index});
    return load(pointer_, address);
  }
  Value wide(Value x) { return LLVM::SExtOp::create(b_, loc_, b_.getI64Type(), x); }

  ModuleOp module_;
  OpBuilder b_;
  Location loc_;
  Type pointer_;
  LLVM::LLVMStructType call_;
};

void CallWriter::define_barrier(LLVM::LLVMFuncOp function) {
  Block* entry = function.addEntryBlock(b_);
  Block* wait = b_.createBlock(&function.getBody());
  Block* done = b_.createBlock(&function.getBody());
  b_.setInsertionPointToEnd(entry);
  Value call = entry->getArgument(0);
  Value barrier = field(call, kBarrier);
  Value null = LLVM::ZeroOp::create(b_, loc_, pointer_);
  Value alone = LLVM::ICmpOp::create(b_, loc_, LLVM::ICmpPredicate::eq, barrier, null);
  LLVM::CondBrOp::create(b_, loc_, alone, done, wait);
  b_.setInsertionPointToEnd(wait);
  auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(b_.getContext()), {pointer_});
  LLVM::CallOp::create(b_, loc_, type, ValueRange{barrier, field(call, kBarrierContext)});
  LLVM::BrOp::create(b_, loc_, ValueRange{}, done);
  b_.setInsertionPointToEnd(done);
  LLVM::ReturnOp::create(b_, loc_, ValueRange{});
}

// Tells the profiler whose address the runtime puts into hornbeam_profiler; its first field is the function to call.
void CallWriter::define_mark(LLVM::LLVMFuncOp function) {
  OpBuilder at_end(module_.getBodyRegion());
  at_end.setInsertionPointToEnd(module_.getBody());
  auto slot = LLVM::GlobalOp::create(at_end, loc_, b_.getI64Type(), /*isConstant=*/false, LLVM::Linkage::External,
                                     kProfiler, b_.getI64IntegerAttr(0));
  Block* entry = function.addEntryBlock(b_);
  Block* tell = b_.createBlock(&function.getBody());
  Block* done = b_.createBlock(&function.getBody());
  b_.setInsertionPointToEnd(entry);
  Value profiler = load(pointer_, LLVM::AddressOfOp::create(b_, loc_, slot));
  Value null = LLVM::ZeroOp::create(b_, loc_, pointer_);
  Value off = LLVM::ICmpOp::create(b_, loc_, LLVM::ICmpPredicate::eq, profiler, null);
  LLVM::CondBrOp::create(b_, loc_, off, done, tell);
  b_.setInsertionPointToEnd(tell);
  Value call = entry->getArgument(0), site = entry->getArgument(1);
  Type i32 = b_.getI32Type(), i64 = b_.getI64Type();
  auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(b_.getContext()), {pointer_, i32, i64});
  Value mark = load(pointer_, profiler);
  LLVM::CallOp::create(b_, loc_, type, ValueRange{mark, profiler, field(call, kThread), site});
  LLVM::BrOp::create(b_, loc_, ValueRange{}, done);
  b_.setInsertionPointToEnd(done);
  LLVM::ReturnOp::create(b_, loc_, ValueRange{});
}

absl::Status CallWriter::wrap(LLVM::LLVMFuncOp function, const passes::LoweredEntry& entry) {
  constexpr int kStateAndArena = runtime::kNumSegments + 1;
  size_t buffers = kStateAndArena + entry.inputs.size() + entry.outputs.size();
  size_t expected = buffers + 5;  // rows, steps, thread, num_threads, call
  if (function.getNumArguments() != expected)
    return absl::InternalError(absl::StrCat("Entry \"", entry.name, "\": its function takes ", function.getNumArguments(),
                                            " arguments; its ports make ", expected, "."));
  b_.setInsertionPointToEnd(module_.getBody());
  auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(b_.getContext()), {pointer_});
  auto wrapper = LLVM::LLVMFuncOp::create(b_, loc_, entry_symbol(entry.name), type);
  b_.setInsertionPointToEnd(wrapper.addEntryBlock(b_));
  Value call = wrapper.getArgument(0);
  Value array = field(call, kBuffers);
  SmallVector<Value> arguments;
  for (size_t i = 0; i < buffers; ++i) arguments.push_back(element(array, static_cast<int32_t>(i)));
  arguments.append({field(call, kRows), field(call, kSteps), wide(field(call, kThread)), wide(field(call, kNumThreads)), call});
  LLVM::CallOp::create(b_, loc_, function, arguments);
  LLVM::ReturnOp::create(b_, loc_, ValueRange{});
  return absl::OkStatus();
}

}  // namespace

std::string entry_symbol(const std::string& name) { return absl::StrCat("hornbeam_", name); }

absl::Status add_entry_wrappers(ModuleOp module, std::span<const passes::LoweredEntry> entries) {
  CallWriter writer(module);
  for (auto function : module.getOps<LLVM::LLVMFuncOp>()) {
    if (function.getName() == "hornbeam_barrier" && function.isExternal()) writer.define_barrier(function);
    if (function.getName() == "hornbeam_mark" && function.isExternal()) writer.define_mark(function);
    if (!function.isExternal()) function.setLinkage(LLVM::Linkage::Internal);
  }
  for (const passes::LoweredEntry& entry : entries) {
    auto function = module.lookupSymbol<LLVM::LLVMFuncOp>(entry.function);
    if (!function) return absl::InternalError(absl::StrCat("Entry \"", entry.name, "\" has no function @", entry.function, "."));
    if (module.lookupSymbol(entry_symbol(entry.name)))
      return absl::InternalError(absl::StrCat("The symbol ", entry_symbol(entry.name), " stands twice in the module."));
    if (absl::Status status = writer.wrap(function, entry); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace hornbeam::codegen
