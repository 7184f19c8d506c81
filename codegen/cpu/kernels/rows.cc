// hk.gather_rows and hk.store_rows: whole rows between the user's arrays and the arena.
#include "codegen/cpu/kernels/kernels.h"

namespace hornbeam::codegen {
namespace {

using mlir::Value;

void copy(Emitter& e, Value from, Value from_at, Value to, Value to_at, int64_t n, int64_t lanes) {
  auto vectors = [&](Value i, int64_t active) {
    Value mask = e.mask(active, lanes);
    Value value = e.load_vector(from, e.add(from_at, i), lanes, mask);
    if (mask)
      mlir::vector::MaskedStoreOp::create(e.b, e.loc, to, mlir::ValueRange{e.add(to_at, i)}, mask, value);
    else
      mlir::vector::StoreOp::create(e.b, e.loc, value, to, mlir::ValueRange{e.add(to_at, i)});
  };
  if (n == 1) {
    mlir::memref::StoreOp::create(e.b, e.loc, e.load_scalar(from, from_at), to, to_at);
    return;
  }
  e.loop(0, n / lanes * lanes, lanes, [&](Value i) { vectors(i, lanes); });
  if (n % lanes) vectors(e.index(n / lanes * lanes), n % lanes);
}

int64_t lanes_of(Kernel& kernel, Value buffer) {
  unsigned bits = llvm::cast<mlir::MemRefType>(buffer.getType()).getElementTypeBitWidth();
  return kernel.target.vector_bytes * 8 / std::max(bits, 8u);
}

}  // namespace

void emit_gather_rows(Kernel& kernel, hk::GatherRowsOp op, Value step) {
  Emitter& e = kernel.e;
  Value base = kernel.argument(op.getBase()), rows = kernel.argument(op.getRows()), out = kernel.argument(op.getOut());
  int64_t batch = op.getBatch();
  int64_t n = llvm::cast<mlir::MemRefType>(out.getType()).getNumElements() / batch;
  auto [begin, end] = kernel.share(batch);
  e.loop(begin, end, 1, [&](Value i) {
    Value row = e.load_scalar(rows, e.add(e.mul(step, batch), i));
    row = mlir::arith::IndexCastOp::create(e.b, e.loc, e.b.getIndexType(), row);
    copy(e, base, e.mul(row, n), out, e.mul(i, n), n, lanes_of(kernel, out));
  });
}

void emit_store_rows(Kernel& kernel, hk::StoreRowsOp op, Value first) {
  Emitter& e = kernel.e;
  Value value = kernel.argument(op.getValue()), out = kernel.argument(op.getOut());
  int64_t n = llvm::cast<mlir::MemRefType>(value.getType()).getNumElements();
  // Shared in parts of whole vectors; the kernel's share of a small value may be empty.
  int64_t lanes = lanes_of(kernel, value);
  if (!kernel.thread) return copy(e, value, e.index(0), out, first, n, lanes);
  auto [begin, end] = kernel.share((n + lanes - 1) / lanes);
  int64_t full = n / lanes, rest = n % lanes;
  e.loop(begin, e.minimum(end, e.index(full)), 1,
         [&](Value v) { copy(e, value, e.mul(v, lanes), out, e.add(first, e.mul(v, lanes)), lanes, lanes); });
  if (rest)
    e.when(mlir::arith::CmpIOp::create(e.b, e.loc, mlir::arith::CmpIPredicate::eq, end, e.index(full + 1)),
           [&] { copy(e, value, e.index(full * lanes), out, e.add(first, full * lanes), rest, lanes); });
}

}  // namespace hornbeam::codegen
