// Counts: arithmetic on floats at each point, times the points; bytes of the buffers, as far as points touch them.
#include "codegen/cpu/kernels/sites.h"

#include <algorithm>

#include <llvm/ADT/TypeSwitch.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>

#include "ir/kernel/hk.h"
#include "ir/pch.h"
#include "ir/source.h"

namespace hornbeam::codegen {
namespace {

double product(llvm::ArrayRef<int64_t> dims) {
  double n = 1;
  for (int64_t dim : dims) n *= static_cast<double>(dim);
  return n;
}

// Arithmetic on floats; conversions and choices are not counted.
double flops_of(mlir::Region& region) {
  double count = 0;
  region.walk([&](mlir::Operation* op) {
    if (op->getNumResults() != 1 || !llvm::isa<mlir::FloatType>(op->getResult(0).getType())) return;
    llvm::StringRef dialect = op->getName().getDialectNamespace();
    if (dialect == "math" ||
        llvm::isa<mlir::arith::AddFOp, mlir::arith::SubFOp, mlir::arith::MulFOp, mlir::arith::DivFOp,
                  mlir::arith::NegFOp, mlir::arith::RemFOp, mlir::arith::MaximumFOp, mlir::arith::MinimumFOp,
                  mlir::arith::MaxNumFOp, mlir::arith::MinNumFOp>(op))
      count += llvm::isa<mlir::math::FmaOp>(op) ? 2 : 1;
  });
  return count;
}

bool is_float(mlir::Value buffer) { return llvm::isa<mlir::FloatType>(mlir::getElementTypeOrSelf(buffer.getType())); }

double flops_of(mlir::Operation* op) {
  auto kernel = llvm::dyn_cast<hk::KernelOpInterface>(op);
  if (!kernel) return 0;
  double points = product(kernel.domain());
  double own = llvm::TypeSwitch<mlir::Operation*, double>(op)
                   .Case([&](hk::ReduceOp it) {
                     bool sums = !it.getInputs().empty() && is_float(it.getInputs().front());
                     return product(it.getInputDomain()) * (flops_of(it.getBody()) + (sums ? 1 : 0));
                   })
                   .Case([&](hk::GemmOp it) { return 2 * points * static_cast<double>(it.getDepth()); })
                   .Case([&](hk::ConvOp it) { return 2 * points * product(it.getKernelShape().drop_back()); })
                   .Case([&](hk::ConvKernelGradOp it) { return 2 * points * product(it.getOutputShape().drop_back()); })
                   .Case([&](hk::ScatterAddOp it) {
                     return product(llvm::cast<mlir::MemRefType>(it.getRows().getType()).getShape());
                   })
                   .Default(0.0);
  return own + points * flops_of(kernel.epilogue_region());
}

double bytes_of(mlir::Operation* op) {
  auto kernel = llvm::dyn_cast<hk::KernelOpInterface>(op);
  auto reduce = llvm::dyn_cast<hk::ReduceOp>(op);
  double points = kernel ? product(reduce ? reduce.getInputDomain() : kernel.domain()) : 0;
  // Rows of a data input: as many as are copied.
  auto copied = [](mlir::Value buffer) { return 2 * product(llvm::cast<mlir::MemRefType>(buffer.getType()).getShape()); };
  auto width = [](mlir::Value buffer) {
    mlir::Type element = mlir::getElementTypeOrSelf(buffer.getType());
    return element.isIntOrFloat() ? llvm::divideCeil(element.getIntOrFloatBitWidth(), 8) : 0;
  };
  if (auto gather = llvm::dyn_cast<hk::GatherRowsOp>(op)) return copied(gather.getOut()) * width(gather.getOut());
  if (auto store = llvm::dyn_cast<hk::StoreRowsOp>(op)) return copied(store.getValue()) * width(store.getValue());
  bool whole = llvm::isa<hk::GemmOp, hk::ConvOp, hk::ConvKernelGradOp, hk::ScatterAddOp>(op);
  double bytes = 0;
  llvm::DenseSet<mlir::Value> seen;
  auto add = [&](mlir::Value buffer, bool by_points) {
    auto type = llvm::dyn_cast<mlir::MemRefType>(buffer.getType());
    if (!type || !seen.insert(buffer).second) return;
    double elements = product(type.getShape());
    bytes += (by_points ? std::min(elements, points) : elements) * width(buffer);
  };
  if (kernel) {
    for (mlir::Value buffer : kernel.extra_buffers()) add(buffer, true);
    for (mlir::Value buffer : kernel.out_buffers()) add(buffer, true);
  }
  for (mlir::Value operand : op->getOperands()) add(operand, !whole);
  return bytes;
}

}  // namespace

KernelSite describe_site(mlir::Operation* op, llvm::StringRef kernel) {
  KernelSite site;
  site.entry = op->getParentOfType<mlir::func::FuncOp>().getName().str();
  site.kernel = kernel.str();
  for (ir::Source& source : ir::sources_of(op->getLoc()))
    site.sources.push_back({std::move(source.path), source.gradient});
  site.flops = flops_of(op);
  site.bytes = bytes_of(op);
  return site;
}

}  // namespace hornbeam::codegen
