// The walk over a module's hk ops: memoised kernel functions, calls, barriers.
#include "codegen/cpu/kernels/kernels.h"

#include <map>

#include <llvm/ADT/TypeSwitch.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>

#include "codegen/cpu/kernels/sites.h"

namespace hornbeam::codegen {
namespace {

using mlir::Value;

constexpr const char* kBarrier = "hornbeam_barrier";
constexpr const char* kMark = "hornbeam_mark";

// A text that two ops share exactly when one kernel function serves both: what they are, the types of their buffers,
// and which operands are the same buffer.
std::string key_of(mlir::Operation* op) {
  std::string key;
  llvm::raw_string_ostream out(key);
  out << op->getName() << ' ' << op->getAttrDictionary();
  llvm::DenseMap<Value, unsigned> number;
  auto name = [&](Value value) { return number.try_emplace(value, number.size()).first->second; };
  for (Value operand : op->getOperands()) out << ' ' << name(operand) << ':' << operand.getType();
  op->walk([&](mlir::Operation* inner) {
    if (inner == op) return;
    out << '\n' << inner->getName() << ' ' << inner->getAttrDictionary();
    for (Value operand : inner->getOperands()) out << ' ' << name(operand);
    for (Value result : inner->getResults()) out << " -> " << name(result) << ':' << result.getType();
  });
  for (mlir::Region& region : op->getRegions())
    for (Value argument : region.front().getArguments()) out << " ^" << name(argument) << ':' << argument.getType();
  return key;
}

// A profiler shows it: the kind, the points that are computed (and the depth of a product), a number.
std::string name_of(mlir::Operation* op, size_t number) {
  std::string name = "kernel_" + op->getName().stripDialect().str();
  auto add = [&](llvm::ArrayRef<int64_t> extents) {
    for (auto [i, extent] : llvm::enumerate(extents)) name += (i ? "x" : "_") + std::to_string(extent);
  };
  if (auto kernel = llvm::dyn_cast<hk::KernelOpInterface>(op)) add(kernel.domain());
  if (auto gemm = llvm::dyn_cast<hk::GemmOp>(op)) add(static_cast<int64_t>(gemm.getDepth()));
  if (auto conv = llvm::dyn_cast<hk::ConvOp>(op)) add(conv.getKernelShape());
  if (auto reduce = llvm::dyn_cast<hk::ReduceOp>(op)) add(reduce.getInputDomain());
  return name + "_" + std::to_string(number);
}

int64_t units_of(mlir::Operation* op) { return op->getAttrOfType<mlir::IntegerAttr>("units").getInt(); }

class Module {
 public:
  Module(mlir::ModuleOp module, const Target& target, std::vector<KernelSite>* sites)
      : module_(module), target_(target), sites_(sites) {}

  void run() {
    llvm::SmallVector<mlir::Operation*> ops;
    module_.walk([&](mlir::Operation* op) {
      if (llvm::isa<hk::KernelOpInterface>(op) || llvm::isa<hk::GatherRowsOp, hk::StoreRowsOp, hk::BarrierOp>(op))
        ops.push_back(op);
    });
    if (sites_) begin_entries();
    for (mlir::Operation* op : ops) replace(op);
  }

 private:
  // By the agreement in passes/pipelines.h the last arguments of an entry are thread, num_threads and call.
  static Value from_end(mlir::Operation* op, unsigned i) {
    auto entry = op->getParentOfType<mlir::func::FuncOp>();
    return entry.getArgument(entry.getNumArguments() - i);
  }

  void replace(mlir::Operation* op) {
    mlir::OpBuilder b(op);
    if (llvm::isa<hk::BarrierOp>(op)) {
      mlir::func::CallOp::create(b, op->getLoc(), kBarrier, mlir::TypeRange{}, from_end(op, 1));
      mark(b, op, "barrier");
      op->erase();
      return;
    }
    llvm::SmallVector<Value> arguments;
    llvm::DenseSet<Value> seen;
    for (Value operand : op->getOperands())
      if (seen.insert(operand).second) arguments.push_back(operand);
    size_t own = arguments.size();
    bool shared = units_of(op) > 1;
    if (shared) {
      arguments.push_back(from_end(op, 3));
      arguments.push_back(from_end(op, 2));
    }
    mlir::func::FuncOp& function = kernels_[key_of(op)];
    if (!function) function = emit(op, llvm::ArrayRef<Value>(arguments).take_front(own), shared);
    mlir::func::CallOp::create(b, op->getLoc(), function, arguments);
    mark(b, op, function.getName());
    op->erase();
  }

  void call_mark(mlir::OpBuilder& b, mlir::Location loc, Value call, int64_t site) {
    Value number = mlir::arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(site));
    mlir::func::CallOp::create(b, loc, kMark, mlir::TypeRange{}, mlir::ValueRange{call, number});
  }

  // Entries have the call as their last argument; nothing else has a body yet.
  void begin_entries() {
    llvm::SmallVector<mlir::func::FuncOp> entries;
    for (auto function : module_.getOps<mlir::func::FuncOp>())
      if (!function.isExternal()) entries.push_back(function);
    mlir::OpBuilder b(module_.getBodyRegion());
    auto pointer = mlir::LLVM::LLVMPointerType::get(module_.getContext());
    mlir::func::FuncOp::create(b, module_.getLoc(), kMark, b.getFunctionType({pointer, b.getI64Type()}, {})).setPrivate();
    for (mlir::func::FuncOp entry : entries) {
      b.setInsertionPointToStart(&entry.front());
      call_mark(b, entry.getLoc(), entry.getArguments().back(), -1);
    }
  }

  void mark(mlir::OpBuilder& b, mlir::Operation* op, llvm::StringRef kernel) {
    if (!sites_) return;
    call_mark(b, op->getLoc(), from_end(op, 1), static_cast<int64_t>(sites_->size()));
    sites_->push_back(describe_site(op, kernel));
  }

  mlir::func::FuncOp emit(mlir::Operation* op, llvm::ArrayRef<Value> operands, bool shared) {
    mlir::OpBuilder b(module_.getContext());
    b.setInsertionPointToStart(module_.getBody());
    llvm::SmallVector<mlir::Type> types;
    for (Value operand : operands) types.push_back(operand.getType());
    if (shared) types.append(2, b.getIndexType());
    std::string name = name_of(op, kernels_.size());
    auto function = mlir::func::FuncOp::create(b, op->getLoc(), name, b.getFunctionType(types, {}));
    function.setPrivate();
    function->setAttr("no_inline", b.getUnitAttr());
    b.setInsertionPointToStart(function.addEntryBlock());
    Kernel kernel(Emitter(b, op->getLoc()), target_);
    for (auto [operand, argument] : llvm::zip(operands, function.getArguments())) kernel.arguments[operand] = argument;
    if (shared) {
      kernel.thread = function.getArgument(operands.size());
      kernel.threads = function.getArgument(operands.size() + 1);
    }
    llvm::TypeSwitch<mlir::Operation*>(op)
        .Case([&](hk::MapOp it) { emit_map(kernel, it); })
        .Case([&](hk::ReduceOp it) { emit_reduce(kernel, it); })
        .Case([&](hk::GemmOp it) { emit_gemm(kernel, it); })
        .Case([&](hk::ConvOp it) { emit_conv(kernel, it); })
        .Case([&](hk::ConvKernelGradOp it) { emit_conv_kernel_grad(kernel, it); })
        .Case([&](hk::ScatterAddOp it) { emit_scatter_add(kernel, it); })
        .Case([&](hk::GatherRowsOp it) { emit_gather_rows(kernel, it, kernel.argument(it.getStep())); })
        .Case([&](hk::StoreRowsOp it) { emit_store_rows(kernel, it, kernel.argument(it.getFirst())); });
    mlir::func::ReturnOp::create(kernel.e.b, op->getLoc());
    return function;
  }

  mlir::ModuleOp module_;
  const Target& target_;
  std::vector<KernelSite>* sites_;
  std::map<std::string, mlir::func::FuncOp> kernels_;
};

}  // namespace

std::pair<Value, Value> Kernel::share(int64_t n) {
  if (!thread) return {e.index(0), e.index(n)};
  namespace arith = mlir::arith;
  auto part = [&](Value t) -> Value {
    return arith::DivUIOp::create(e.b, e.loc, arith::MulIOp::create(e.b, e.loc, t, e.index(n)), threads);
  };
  return {part(thread), part(e.add(thread, 1))};
}

void Kernel::finish(hk::KernelOpInterface op, mlir::ValueRange computed, const Points& points,
                    llvm::ArrayRef<Value> loaded) {
  mlir::Region& region = op.epilogue_region();
  llvm::SmallVector<Value> values(computed);
  llvm::SmallVector<Value> buffers(op.extra_buffers());
  llvm::append_range(buffers, op.out_buffers());
  for (auto [i, buffer] : llvm::enumerate(buffers)) {
    mlir::BlockArgument parameter = region.front().getArgument(computed.size() + i);
    Value value;
    if (Emitter::is_table(parameter))
      value = argument(buffer);
    else if (i < loaded.size() && loaded[i])
      value = loaded[i];
    else if (!parameter.use_empty())
      value = e.load(argument(buffer), op.access_of(i), points, parameter.getType().isInteger(1));
    values.push_back(value);
  }
  // An unused parameter needs no value; run() maps it to null and nothing looks it up.
  auto yielded = e.run(region, values, points);
  unsigned first = op.extra_buffers().size();
  for (auto [i, value] : llvm::enumerate(yielded))
    e.store(value, argument(op.out_buffers()[i]), op.access_of(first + i), points);
}

absl::Status emit_kernels(mlir::ModuleOp module, const Target& target, std::vector<KernelSite>* sites) {
  if (!module.lookupSymbol(kBarrier)) {
    mlir::OpBuilder b(module.getBodyRegion());
    auto pointer = mlir::LLVM::LLVMPointerType::get(module.getContext());
    mlir::func::FuncOp::create(b, module.getLoc(), kBarrier, b.getFunctionType({pointer}, {})).setPrivate();
  }
  Module(module, target, sites).run();
  return absl::OkStatus();
}

}  // namespace hornbeam::codegen
